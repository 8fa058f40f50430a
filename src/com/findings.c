#include "com/findings.h"

#include "com/error.h"

enum
{
    SLOW_MS = 2000 /* a thread that has not dispatched for longer is told of */
};

/* Each of these writes an item and returns true if it finds something wrong. */
typedef bool finding(page *p, const symptoms *s);

/* ---- the start ---- */

static bool find_start_failure(page *p, const symptoms *s)
{
    if (s->is_running || !s->start_failure)
        return false;
    page_item(p, L"Start has failed: %s", s->start_failure);
    return true;
}

static bool find_not_started(page *p, const symptoms *s)
{
    if (!s->subject->is_server || s->is_running || s->start_failure)
        return false;
    page_item(p, L"The server is not started, so no client finds it. Call Start.");
    return true;
}

static bool find_no_name(page *p, const symptoms *s)
{
    if (!s->subject->is_server || s->is_running || SysStringLen(s->settings.pipe_name))
        return false;
    page_item(p, L"PipeName is empty. Set it before Start.");
    return true;
}

static bool find_bad_number(page *p, const symptoms *s)
{
    unsigned found = 0;
    setting_view v;

    for (unsigned i = 0; settings_view(&s->settings, s->subject->is_server, i, &v); i++)
    {
        if (v.is_right)
            continue;
        page_item(p, L"%s is %d, which %s will refuse. Give %s.", v.name, v.value,
                  s->subject->is_server ? L"Start" : L"Connect", v.advice);
        found++;
    }
    return found > 0;
}

/* ---- clients ---- */

static bool find_listen_failure(page *p, const symptoms *s)
{
    BSTR sentence;

    if (!s->is_running || !s->engine.listen_error)
        return false;
    sentence = error_describe(s->engine.listen_error);
    page_item(p, L"No further client can come for now; the server tries again every few seconds: %s",
              sentence ? sentence : L"memory is short.");
    SysFreeString(sentence);
    return true;
}

static bool find_full(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.most || s->engine.clients < s->engine.most)
        return false;
    page_item(p,
              L"MaxConnections (%u) clients are there, so others find the pipe busy. Give more, or let IdleTimeout "
              L"disconnect those that sleep.",
              s->engine.most);
    return true;
}

/* ---- who receives events ---- */

static bool find_nobody(page *p, const symptoms *s)
{
    if (!s->subject->is_server || !s->is_running || s->sink_count || s->queue.consumer_waits)
        return false;
    page_item(p, L"Nobody receives the events: there is no handler, and WaitEvent was not called since Start. Declare "
                 L"the server WithEvents, set EventSink, or call WaitEvent.");
    return true;
}

static bool find_unheard(page *p, const symptoms *s)
{
    if (s->subject->is_server || !s->queue.without_sinks || s->queue.consumer_waits)
        return false;
    page_item(p,
              L"%u events of connections wait, and nobody receives them: there is no handler, and WaitEvent was not "
              L"called. Declare the connection WithEvents, set its EventSink, or call WaitEvent of the manager.",
              s->queue.without_sinks);
    return true;
}

static bool find_stopped_code(page *p, const symptoms *s)
{
    if (!s->is_basic_stopped)
        return false;
    page_item(p, L"The code is stopped in the debugger (break mode, by %s), so events wait. Let it go on.", s->basic);
    return true;
}

static bool find_no_messages(page *p, const symptoms *s)
{
    if (s->queue.window_wait_ms < SLOW_MS)
        return false;
    page_item(p,
              L"Thread %u, on which events are raised, has not dispatched messages for %n ms, and %u events wait. "
              L"Do not let it sleep or work long: call DoEvents, ManualMessageLoopEnter or WaitEvent there.",
              s->subject->host->thread, (LONGLONG)s->queue.window_wait_ms, s->queue.waiting);
    return true;
}

static bool find_no_waiter(page *p, const symptoms *s)
{
    if (!s->is_running || s->way != QUEUE_WAITERS || !s->queue.waiting || s->queue.has_waiters || s->queue.handlers)
        return false;
    page_item(p,
              L"%u events wait, and no thread is inside WaitEvent or ManualMessageLoopEnter. The object was made in "
              L"the multithreaded apartment, where events are raised there alone: call one of them in a loop.",
              s->queue.waiting);
    return true;
}

static bool find_busy_workers(page *p, const symptoms *s)
{
    if (!s->is_running || s->way != QUEUE_WORKERS || s->queue.handlers < s->engine.threads || !s->queue.waiting)
        return false;
    page_item(p,
              L"As many handlers run as there are worker threads (%u), and %u events wait. Give more NumThreadsIOCP "
              L"before Start, or let handlers return sooner.",
              s->queue.handlers, s->queue.waiting);
    return true;
}

static bool find_handler_failure(page *p, const symptoms *s)
{
    if (!SysStringLen(s->event_error))
        return false;
    page_item(p, L"A handler has failed, the last time %s", s->event_error);
    return true;
}

/* ---- what stands still ---- */

static bool find_pause(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.paused)
        return false;
    page_item(p, L"More than 131072 events wait, so nothing is read and no client is let in until some were handled.");
    return true;
}

static bool find_choked(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.choked)
        return false;
    page_item(p,
              L"On %u connections nothing is read, since their waiting events have reached ReceiveQueueLimit. Let "
              L"handlers return sooner, or raise that limit.",
              s->engine.choked);
    return true;
}

static bool find_unasked(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.unasked)
        return false;
    page_item(p,
              L"On %u connections nothing is read: ContinuouslyReadFromPipe is False, and no AsyncRead waits. Call "
              L"AsyncRead for each message, the first time in ClientConnected or Connected.",
              s->engine.unasked);
    return true;
}

static bool find_unsplit(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.unsplit)
        return false;
    page_item(p,
              L"On %u connections bytes have come, and no whole message. The other end has sent no end of a message "
              L"yet (Flush? WriteLine?), or it has another Framing.",
              s->engine.unsplit);
    return true;
}

static bool find_slow_reader(page *p, const symptoms *s)
{
    if (!s->is_running || !s->engine.blocked || s->settings.send_limit <= 0 ||
        s->engine.pending_bytes < s->settings.send_limit / 2)
        return false;
    page_item(p,
              L"%n bytes wait to be sent, on %u connections: the other end does not read as fast as is sent. Wait for "
              L"the event that a message was sent before the next, or raise SendQueueLimit.",
              s->engine.pending_bytes, s->engine.blocked);
    return true;
}

/* ---- registration ---- */

static const WCHAR *bits_of(registered_bitness bitness)
{
    return bitness == REGISTERED_X64 ? L"64" : L"32";
}

static bool find_missing_file(page *p, const symptoms *s, registered_bitness bitness)
{
    const registered_entry *class = registered_in_use(s->registered.classes[bitness]);
    const registered_entry *library = registered_in_use(s->registered.libraries[bitness]);

    if (class && class->file == REGISTERED_IS_MISSING)
        page_item(p,
                  L"For %s-bit programs the file %s is registered, and does not exist. Register the DLL where it now "
                  L"lies.",
                  bits_of(bitness), class->path);
    else if (class && !library)
        page_item(p,
                  L"For %s-bit programs the type library is not registered, so Basic shows no members. Register the "
                  L"DLL again.",
                  bits_of(bitness));
    else if (class && library->file == REGISTERED_IS_MISSING)
        page_item(p,
                  L"For %s-bit programs the type library %s is registered, and does not exist. Register the DLL where "
                  L"it now lies.",
                  bits_of(bitness), library->path);
    else
        return false;
    return true;
}

static bool find_missing_files(page *p, const symptoms *s)
{
    bool found = find_missing_file(p, s, REGISTERED_X64);

    return find_missing_file(p, s, REGISTERED_X86) || found;
}

static bool find_other_file(page *p, const symptoms *s)
{
    const registered_entry *own = registered_in_use(s->registered.classes[registered_own()]);

    if (!own || own->file != REGISTERED_IS_THERE)
        return false;
    page_item(p,
              L"This DLL is not the one that is registered, %s: other programs use that one. If they should not, "
              L"register this one.",
              own->path);
    return true;
}

static bool find_other_bitness(page *p, const symptoms *s)
{
    registered_bitness own = registered_own();
    registered_bitness other = own == REGISTERED_X64 ? REGISTERED_X86 : REGISTERED_X64;

    if (!s->registered.has_other || !registered_in_use(s->registered.classes[own]) ||
        registered_in_use(s->registered.classes[other]))
        return false;
    page_item(p,
              L"For %s-bit programs nothing is registered: they get error 429%s. If there are any, register the "
              L"%s-bit DLL, too.",
              bits_of(other), other == REGISTERED_X86 ? L" (Visual Basic 6, 32-bit Office)" : L" (64-bit Office)",
              bits_of(other));
    return true;
}

/* ---- the trace ---- */

static bool find_trace_failure(page *p, const symptoms *s)
{
    BSTR sentence;

    if (!s->trace.end)
        return false;
    sentence = tracing_describe(s->trace.path ? s->trace.path : L"", s->trace.end, s->trace.code);
    page_item(p, L"%s", sentence ? sentence : L"The trace has ended.");
    SysFreeString(sentence);
    return true;
}

static finding *const findings[] = {
    find_start_failure, find_no_name,       find_not_started,     find_bad_number,    find_listen_failure,
    find_full,          find_nobody,        find_unheard,         find_stopped_code,  find_no_messages,
    find_no_waiter,     find_busy_workers,  find_pause,           find_choked,        find_unasked,
    find_unsplit,       find_slow_reader,   find_handler_failure, find_missing_files, find_other_file,
    find_other_bitness, find_trace_failure,
};

unsigned findings_write(page *p, const symptoms *s)
{
    unsigned count = 0;

    for (size_t i = 0; i < ARRAYSIZE(findings); i++)
        count += findings[i](p, s);
    return count;
}
