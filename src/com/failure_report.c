#include "com/failure_report.h"

#include "com/error.h"
#include "com/sessions.h"
#include "com/stored.h"

/* Returns which event tells the consumers of the source. */
static pipe_event_kind report_of(const source *s)
{
    return s->events[PIPE_SERVER_ERROR].name ? PIPE_SERVER_ERROR : PIPE_CONNECTION_ERROR;
}

/* Returns whether a failure of this event's handler is told. A report of a failed report could go on for ever; and
 * nothing follows the last event of a connection that is a source of its own. */
static bool is_reported(const source *s, pipe_event_kind kind)
{
    pipe_event_kind report = report_of(s);

    return kind != report && (kind != PIPE_DISCONNECTED || report == PIPE_SERVER_ERROR);
}

/* Stores "ClientMessageReceived failed: 0x800A000D: Type mismatch" as the cookie of the report. NULL: memory is
 * short. */
static stored *store_line(const WCHAR *name, HRESULT code, const WCHAR *said)
{
    static const WCHAR format[] = L"%s failed: 0x%08lX: ";
    size_t size = ((size_t)lstrlenW(name) + (size_t)lstrlenW(said)) * sizeof(WCHAR) + sizeof(format) + 16;
    WCHAR *line = mem_alloc(size);
    stored *kept = NULL;
    VARIANT value;

    if (!line)
        return NULL;
    wsprintfW(line, format, name, (unsigned long)code);
    lstrcatW(line, said);
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = SysAllocString(line);
    mem_free(line);
    if (V_BSTR(&value) && FAILED(stored_create(&value, &kept)))
        kept = NULL;
    VariantClear(&value);
    return kept;
}

void failure_report(source *s, const pipe_event *event, HRESULT code, const WCHAR *said)
{
    pipe_event_kind report = report_of(s);
    stored *line;
    bool queued;

    if (!is_reported(s, event->kind) || !sinks_have_handler(&s->sinks, s->events[report].id))
        return;
    line = store_line(s->events[event->kind].name, code, said);
    if (report == PIPE_SERVER_ERROR)
        queued = run_report(event->lane, PIPE_ERROR_HANDLER_FAILED, line);
    else
        queued = connection_report(event->connection, PIPE_ERROR_HANDLER_FAILED, line);
    if (!queued)
        stored_release(line);
}

BSTR failure_report_describe(const pipe_event *event)
{
    VARIANT line;

    if (event->error == PIPE_ERROR_HANDLER_FAILED && event->cookie && SUCCEEDED(stored_get(event->cookie, &line)))
        return V_BSTR(&line);
    if (event->error == PIPE_ERROR_NOT_SENT)
        return error_describe_not_sent(session_count_unsent(session_of_lane(event->lane)));
    return error_describe(event->error);
}
