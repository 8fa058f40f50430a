#include "com/diagnosis.h"

#include "com/error.h"
#include "com/error_log.h"
#include "com/findings.h"
#include "com/notices.h"
#include "com/surroundings.h"
#include "com/version.h"

static const WCHAR *yes_or_no(bool is)
{
    return is ? L"yes" : L"no";
}

/* ---- where it runs ---- */

static void write_head(page *p, const symptoms *s)
{
    SYSTEMTIME now;

    GetLocalTime(&now);
    page_line(p, L"NamedPipeServer " VERSION_WITH_BITNESS L": %s %d, at %t", s->subject->host->calls->kind,
              s->subject->host->tracing.number, &now);
}

static void write_place(page *p, const symptoms *s)
{
    const host *h = s->subject->host;

    page_heading(p, L"Where it runs");
    page_row(p, L"Library", L"%s", s->library ? s->library : L"cannot be read");
    surroundings_write(p);
    surroundings_write_apartment(p, L"Object made on thread", h->thread, h->window != NULL);
}

/* ---- how events are raised ---- */

static void write_way(page *p, const symptoms *s)
{
    switch (s->way)
    {
    case QUEUE_WINDOW:
        page_row(p, L"Raised", L"on thread %u, while it dispatches messages", s->subject->host->thread);
        break;
    case QUEUE_WAITERS: page_row(p, L"Raised", L"on threads inside ManualMessageLoopEnter or WaitEvent"); break;
    case QUEUE_WORKERS: page_row(p, L"Raised", L"on worker threads (FreeThreadingEvents)"); break;
    }
}

static void write_sink(page *p, const sink_view *v)
{
    const WCHAR *name = v->is_named ? L"EventSink" : L"Handler of events";

    if (v->is_agile)
        page_row(p, name, L"may be called on every thread");
    else if (v->is_bound && v->why[0])
        page_row(p, name, L"is called on its own thread %u alone, because of %s", v->home, v->why);
    else if (v->is_bound)
        page_row(p, name, L"is called on its own thread %u alone: it is another apartment's", v->home);
    else if (v->home)
        page_row(p, name, L"of thread %u", v->home);
    else
        page_row(p, name, L"of the multithreaded apartment");
}

static void write_break_mode(page *p, const symptoms *s)
{
    if (!s->basic)
        page_row(p, L"Break mode", L"no Basic with a debugger is loaded");
    else if (!s->is_basic_asked)
        page_row(p, L"Break mode", L"%s is loaded: while its debugger has stopped the code, events wait", s->basic);
    else
        page_row(p, L"Break mode", L"%s says: %s", s->basic,
                 s->is_basic_stopped ? L"the code is stopped, and events wait" : L"the code runs");
}

static void write_delivery(page *p, const symptoms *s)
{
    page_heading(p, L"Events");
    write_way(p, s);
    if (s->subject->is_server && !s->sink_count)
        page_row(p, L"Handlers", L"none; WaitEvent %s since Start",
                 s->queue.consumer_waits ? L"was called" : L"was not called");
    for (unsigned i = 0; i < s->sink_count && i < SYMPTOMS_SINKS; i++)
        write_sink(p, &s->sinks[i]);
    write_break_mode(p, s);
    page_row(p, L"Wait", L"%u, of which %u have no handler", s->queue.waiting, s->queue.without_sinks);
    if (s->queue.handlers)
        page_row(p, L"Handlers that run", L"%u, one of them on thread %u", s->queue.handlers, s->queue.thread);
    if (s->queue.window_wait_ms)
        page_row(p, L"Not dispatched for", L"%n ms", (LONGLONG)s->queue.window_wait_ms);
    page_row(p, L"LastEventError", L"%s", SysStringLen(s->event_error) ? s->event_error : L"none");
}

/* ---- settings ---- */

static void write_framing(page *p, LONG framing)
{
    static const WCHAR *const names[] = {L"Pipe", L"Lines", L"Length", L"Header", L"Chunks", L"UntilClosed"};

    if (framing >= 0 && framing < (LONG)ARRAYSIZE(names))
        page_row(p, L"Framing", L"NamedPipeFraming%s (%d)", names[framing], framing);
    else
        page_row(p, L"Framing", L"%d", framing);
}

static const WCHAR *security_in_words(LONG preset)
{
    switch (preset)
    {
    case NamedPipeSecurityCurrentUser: return L"this user, SYSTEM and elevated administrators";
    case NamedPipeSecurityAuthenticatedUsers: return L"every user who has logged on";
    case NamedPipeSecurityEveryone: return L"everybody";
    default: return L"not known";
    }
}

static void write_access(page *p, const settings *s)
{
    const WCHAR *from = s->allow_remote ? L"of every computer" : L"of this computer alone";

    if (SysStringLen(s->descriptor))
        page_row(p, L"Who may open the pipe", L"by SecurityDescriptor: %s; %s", s->descriptor, from);
    else
        page_row(p, L"Who may open the pipe", L"%s (Security %d), %s", security_in_words(s->security), s->security,
                 from);
}

static void write_numbers(page *p, const symptoms *s)
{
    setting_view v;

    for (unsigned i = 0; settings_view(&s->settings, s->subject->is_server, i, &v); i++)
        if (lstrcmpW(v.name, L"Framing") != 0 && lstrcmpW(v.name, L"Security") != 0)
            page_row(p, v.name, v.is_initial ? L"%d" : L"%d (was set)", v.value);
}

static void write_settings(page *p, const symptoms *s)
{
    const settings *of = &s->settings;

    page_heading(p, L"Settings, as they were last put");
    if (s->subject->is_server)
    {
        page_row(p, L"PipeName", L"%s", SysStringLen(of->pipe_name) ? of->pipe_name : L"none");
        write_access(p, of);
    }
    else
        page_row(p, L"WaitForServer", L"%s", yes_or_no(of->wait_for_server != VARIANT_FALSE));
    write_framing(p, of->framing);
    page_row(p, L"FreeThreadingEvents", L"%s", yes_or_no(of->free_threading != VARIANT_FALSE));
    page_row(p, L"ContinuouslyReadFromPipe", L"%s", yes_or_no(of->read_continuously != VARIANT_FALSE));
    write_numbers(p, s);
}

/* ---- state ---- */

static void write_listening(page *p, const symptoms *s)
{
    const engine_survey *e = &s->engine;

    page_row(p, L"Clients", L"%u of %s", e->clients, e->most ? L"MaxConnections" : L"any number");
    page_row(p, L"Instances that listen", L"%u; clients that have come and wait to be let in: %u", e->listening,
             e->parked);
}

static void write_connections(page *p, const symptoms *s)
{
    const engine_survey *e = &s->engine;

    page_row(p, L"Connections", L"%u open, %u opening, %u ending", e->open, e->opening, e->ending);
    page_row(p, L"Wait to be sent", L"%n bytes, on %u connections", e->pending_bytes, e->blocked);
    page_row(p, L"Reading stands still", L"on %u connections since ReceiveQueueLimit was reached%s", e->choked,
             e->paused ? L", and on all since too many events wait" : L"");
}

static void write_state(page *p, const symptoms *s)
{
    page_heading(p, L"State");
    page_row(p, L"Running", L"%s", yes_or_no(s->is_running));
    if (s->is_running)
    {
        if (s->subject->is_server)
            write_listening(p, s);
        write_connections(p, s);
    }
    if (s->subject->is_server)
        page_row(p, L"Clients since Start", L"%n", s->clients_ever);
    page_row(p, L"Received", L"%n messages, %n bytes", s->carried.messages_received, s->carried.bytes_received);
    page_row(p, L"Sent", L"%n messages, %n bytes", s->carried.messages_sent, s->carried.bytes_sent);
}

static const WCHAR *state_of(const connection_status *status, bool is_opening)
{
    if (status->open)
        return L"open";
    if (is_opening)
        return L"opening";
    return status->reason == CLOSE_NONE ? L"ending" : notices_reason(status->reason);
}

static void write_connection(page *p, endpoint *e)
{
    session *of = sessions_use(&e->sessions);
    connection_status status = connection_get_status(of->pipe);
    bool is_heard = queue_has_sinks(e->host->queue, &of->lane), is_asked = connection_is_asked(of->pipe);
    traffic carried;

    session_done(of);
    carried = sessions_carried(&e->sessions);
    page_item(
        p, L"%d%s%s: %s, error %d, process %u, received %n messages (%n bytes), sent %n (%n), to be sent %n bytes%s%s",
        e->number, e->name ? L", " : L"", e->name ? e->name : L"",
        state_of(&status, sessions_are_opening(&e->sessions)), status.last_error ? error_number(status.last_error) : 0,
        status.process, carried.messages_received, carried.bytes_received, carried.messages_sent, carried.bytes_sent,
        status.pending_bytes, is_heard ? L"" : L", no handler", is_asked ? L", is used by Call alone" : L"");
}

static void write_each_connection(page *p, const symptoms *s)
{
    if (!s->connection_count)
        return;
    page_heading(p, s->has_more_connections ? L"The newest connections" : L"Connections");
    for (unsigned i = 0; i < s->connection_count; i++)
        write_connection(p, s->connections[i]);
}

/* ---- what is registered ---- */

static void write_entry(page *p, const WCHAR *name, const registered_entry *e)
{
    static const WCHAR *const files[] = {
        [REGISTERED_IS_THIS] = L"this file",
        [REGISTERED_IS_THERE] = L"another file than this one",
        [REGISTERED_IS_MISSING] = L"there is no such file",
        [REGISTERED_IS_FAR] = L"another computer's; not looked at",
    };

    if (e->error)
        page_row(p, name, L"cannot be read: error %u", e->error);
    else if (!e->path)
        page_row(p, name, L"no");
    else
        page_row(p, name, L"%s (%s)", e->path, files[e->file]);
}

static void write_registered(page *p, const symptoms *s)
{
    static const WCHAR *const classes[REGISTERED_BITNESSES][REGISTERED_SCOPES] = {
        {L"64 bits, for all users", L"64 bits, for this user"},
        {L"32 bits, for all users", L"32 bits, for this user"},
    };
    static const WCHAR *const libraries[REGISTERED_BITNESSES][REGISTERED_SCOPES] = {
        {L"Type library, 64 bits, for all users", L"Type library, 64 bits, for this user"},
        {L"Type library, 32 bits, for all users", L"Type library, 32 bits, for this user"},
    };

    page_heading(p, L"Registered");
    for (int bitness = 0; bitness < REGISTERED_BITNESSES; bitness++)
        for (int scope = 0; scope < REGISTERED_SCOPES; scope++)
            if (s->registered.has_other || bitness == (int)registered_own())
                write_entry(p, classes[bitness][scope], &s->registered.classes[bitness][scope]);
    for (int bitness = 0; bitness < REGISTERED_BITNESSES; bitness++)
        for (int scope = 0; scope < REGISTERED_SCOPES; scope++)
            if (s->registered.has_other || bitness == (int)registered_own())
                write_entry(p, libraries[bitness][scope], &s->registered.libraries[bitness][scope]);
}

/* ---- trace and errors ---- */

static void write_trace(page *p, const symptoms *s)
{
    const tracing_view *t = &s->trace;

    page_heading(p, L"Trace");
    if (!t->path)
        page_row(p, L"File", L"none");
    else
        page_row(p, L"File", L"%s%s%s", t->path, t->is_environment ? L" (by NAMEDPIPESERVER_TRACE)" : L"",
                 t->end ? L", which is not written" : L"");
    page_row(p, L"TraceData", L"%s", yes_or_no(t->data));
}

static void write_error(page *p, const error_entry_view *e)
{
    WCHAR times[40] = L"";

    if (e->times > 1)
        wsprintfW(times, L" (%u times, the last then)", e->times);
    page_item(p, L"%t %s: %d (%x)%s: %s", &e->at, e->place, e->number, (DWORD)e->number, times, e->sentence);
}

static void write_errors(page *p)
{
    error_entry_view e;
    unsigned i;

    page_heading(p, L"The last errors of this process's servers, managers and connections, the newest first");
    for (i = 0; error_log_get(i, &e); i++)
        write_error(p, &e);
    if (!i)
        page_item(p, L"none");
}

/* ---- the page ---- */

static void write_findings(page *p, const symptoms *s)
{
    page_heading(p, L"What looks wrong");
    if (!findings_write(p, s))
        page_item(p, L"Nothing.");
}

static void write_page(page *p, const symptoms *s)
{
    write_head(p, s);
    write_findings(p, s);
    write_place(p, s);
    write_delivery(p, s);
    write_settings(p, s);
    write_state(p, s);
    write_each_connection(p, s);
    write_registered(p, s);
    write_trace(p, s);
    write_errors(p);
}

static HRESULT write_symptoms(const diagnosis_subject *subject, BSTR *out)
{
    page p = {{0}};
    symptoms *s = mem_alloc(sizeof(*s));
    HRESULT hr;

    if (!s)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    hr = symptoms_take(subject, s);
    if (SUCCEEDED(hr))
    {
        write_page(&p, s);
        *out = page_give(&p);
    }
    symptoms_fini(s);
    mem_free(s);
    return SUCCEEDED(hr) && !*out ? error_raise(ERROR_ID_OUT_OF_MEMORY) : hr;
}

/* Holds the host's memory: the last reference of a connection that is released here may end more. */
HRESULT diagnosis_write(const diagnosis_subject *subject, BSTR *out)
{
    HRESULT hr;

    if (!out)
        return error_raise(ERROR_ID_NULL_POINTER);
    *out = NULL;
    host_hold(subject->host);
    hr = write_symptoms(subject, out);
    host_release(subject->host);
    return hr;
}
