#include "com/notices.h"

#include "com/endpoint.h"
#include "com/error.h"
#include "com/error_log.h"
#include "com/source.h"

/* Returns whether the error is noted when it is told, or was noted before. */
static bool is_noted_elsewhere(DWORD error)
{
    return error == PIPE_ERROR_NOT_SENT || error == PIPE_ERROR_HANDLER_FAILED;
}

static void note_error(host *h, const lane *l, LONG connection, const pipe_event *event)
{
    const WCHAR *name = source_of_audience(l->audience)->events[event->kind].name;
    error_place place = {h->calls->kind, h->tracing.number, connection, name};
    BSTR sentence = error_describe(event->error);
    trace_line line = {
        .what = L"error", .connection = connection, .error = error_number(event->error), .more = sentence};

    error_log_add(&place, line.error, sentence ? sentence : L"");
    tracing_write(&h->tracing, &line);
    SysFreeString(sentence);
}

const WCHAR *notices_reason(close_reason reason)
{
    static const WCHAR *const reasons[CLOSE_REASONS] = {
        [CLOSE_OTHER_END] = L"the other end has left",
        [CLOSE_CONSUMER] = L"by AsyncClose",
        [CLOSE_STOPPED] = L"by Stop",
        [CLOSE_IDLE] = L"it was idle",
        [CLOSE_TOO_LONG] = L"a message was too long",
        [CLOSE_FAILED] = L"the transport failed",
        [CLOSE_CONNECT_FAILED] = L"it could not be opened",
        [CLOSE_BAD_FRAME] = L"a frame was wrong",
        [CLOSE_TIMED_OUT] = L"a Call was given up",
    };

    return reasons[reason];
}

static void trace_end_of_connection(host *h, trace_line *line, const pipe_event *event)
{
    connection_status status = connection_get_status(event->connection);

    line->error = status.last_error ? error_number(status.last_error) : 0;
    line->more = notices_reason(status.reason);
    tracing_write(&h->tracing, line);
}

static void trace_beginning(host *h, trace_line *line, const pipe_event *event)
{
    WCHAR process[40];

    wsprintfW(process, L"process %lu", connection_get_status(event->connection).process);
    line->more = process;
    tracing_write(&h->tracing, line);
}

static void trace_event(host *h, LONG connection, const pipe_event *event)
{
    static const WCHAR *const names[] = {
        [PIPE_READY] = L"ready",        [PIPE_CONNECTED] = L"connected",    [PIPE_MESSAGE] = L"received",
        [PIPE_SENT] = L"sent",          [PIPE_CONNECTION_ERROR] = L"error", [PIPE_DISCONNECTED] = L"disconnected",
        [PIPE_SERVER_ERROR] = L"error",
    };
    trace_line line = {.what = names[event->kind], .connection = connection, .bytes = event->bytes};

    line.has_bytes = event->kind == PIPE_MESSAGE || event->kind == PIPE_SENT;
    if (event->kind == PIPE_MESSAGE)
    {
        line.data = event->buffer->data;
        line.size = event->bytes;
    }
    if (event->kind == PIPE_DISCONNECTED)
        trace_end_of_connection(h, &line, event);
    else if (event->kind == PIPE_CONNECTED)
        trace_beginning(h, &line, event);
    else
        tracing_write(&h->tracing, &line);
}

void notices_add(host *h, lane *l, const pipe_event *event)
{
    LONG connection = event->connection ? endpoint_of(l)->number : 0;

    if (!event->error)
        trace_event(h, connection, event);
    else if (!is_noted_elsewhere(event->error))
        note_error(h, l, connection, event);
}
