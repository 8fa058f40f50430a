#include "support/com/recording_sink.h"

#include "support/deliver/ui_thread.h"

#include <algorithm>

namespace
{

/* By NamedPipeEventKind, from 1 on. */
const char *const words[] = {"ready",        "connected", "disconnected", "message", "sent", "client error",
                             "server error", "connected", "disconnected", "message", "sent", "error"};

std::string narrow(const wchar_t *wide)
{
    std::string text;

    for (; wide && *wide; wide++)
        text += static_cast<char>(*wide);
    return text;
}

/* What a sink does, and goes with it. */
class recorder
{
  public:
    recorder(std::shared_ptr<event_log> log, event_handler handler) : log(std::move(log)), handler(std::move(handler))
    {
        InterlockedIncrement(&this->log->sinks);
    }
    recorder(const recorder &) = delete;
    ~recorder()
    {
        log->released_on = GetCurrentThreadId();
        InterlockedDecrement(&log->sinks);
    }

    void note(const bare_call &call) const
    {
        told_event event;

        event.kind = call.event;
        event.thread = GetCurrentThreadId();
        event.by_reference = call.by_reference;
        event.text = call.data ? call.text() : narrow(call.description.c_str());
        if (call.cookie)
            VariantCopyInd(&event.cookie, const_cast<VARIANT *>(call.cookie));
        if (call.connection)
            call.connection->get_ID(&event.connection);
        log->add(event);
        if (handler)
            handler(event, call.connection);
    }

  private:
    std::shared_ptr<event_log> log;
    event_handler handler;
};

} // namespace

std::string told_event::str() const
{
    std::string line = words[kind - 1];

    if (connection)
        line += " " + std::to_string(connection);
    if (kind == NamedPipeEventClientMessageReceived || kind == NamedPipeEventMessageReceived)
        line += " " + text;
    return line;
}

event_log::event_log() = default;

void event_log::add(const told_event &event)
{
    AcquireSRWLockExclusive(&lock);
    told.push_back(event);
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&changed);
}

std::vector<told_event> event_log::events() const
{
    AcquireSRWLockExclusive(&lock);
    std::vector<told_event> copy = told;
    ReleaseSRWLockExclusive(&lock);
    return copy;
}

std::vector<std::string> event_log::all() const
{
    std::vector<std::string> lines;

    for (const told_event &event : events())
        lines.push_back(event.str());
    return lines;
}

std::vector<DWORD> event_log::threads() const
{
    std::vector<DWORD> ids;

    for (const told_event &event : events())
        ids.push_back(event.thread);
    return ids;
}

static size_t count_of(const std::vector<told_event> &told, NamedPipeEventKind kind)
{
    return static_cast<size_t>(
        std::count_if(told.begin(), told.end(), [&](const told_event &event) { return event.kind == kind; }));
}

size_t event_log::count(NamedPipeEventKind kind) const
{
    AcquireSRWLockExclusive(&lock);
    size_t many = count_of(told, kind);
    ReleaseSRWLockExclusive(&lock);
    return many;
}

size_t event_log::count() const
{
    AcquireSRWLockExclusive(&lock);
    size_t many = told.size();
    ReleaseSRWLockExclusive(&lock);
    return many;
}

bool event_log::wait_for(NamedPipeEventKind kind, size_t many, DWORD ms) const
{
    const ULONGLONG until = GetTickCount64() + ms;
    bool came;

    AcquireSRWLockExclusive(&lock);
    while (!(came = count_of(told, kind) >= many) && GetTickCount64() < until)
        SleepConditionVariableSRW(&changed, &lock, static_cast<DWORD>(until - GetTickCount64()), 0);
    ReleaseSRWLockExclusive(&lock);
    return came;
}

bool event_log::pump_for(NamedPipeEventKind kind, size_t many, DWORD ms) const
{
    return dispatch_until([&] { return count(kind) >= many; }, ms);
}

event_handler with_end(event_handler handler, std::function<void()> at_the_end)
{
    std::shared_ptr<void> end(nullptr, [at_the_end](void *) { at_the_end(); });

    return [handler, end](const told_event &event, INamedPipeServerConnection *connection)
    {
        if (handler)
            handler(event, connection);
    };
}

event_handler when(NamedPipeEventKind kind, std::function<void()> act)
{
    return [kind, act](const told_event &event, INamedPipeServerConnection *)
    {
        if (event.kind == kind)
            act();
    };
}

com_ptr<IDispatch> make_recording_sink(std::shared_ptr<event_log> log, sink_nature nature, event_handler handler)
{
    auto all = std::make_shared<recorder>(std::move(log), std::move(handler));

    return make_bare_sink([all](bare_call &call) { return all->note(call), S_OK; }, nature);
}

std::string str_of(INamedPipeEvent *event)
{
    com_ptr<IDispatch> object;
    com_ptr<INamedPipeServerConnection> of_server;
    told_event told;
    bstr text;

    if (!event)
        return "nothing";
    event->get_Kind(&told.kind);
    event->get_Connection(object.put());
    if (object)
        of_server = object.as<INamedPipeServerConnection>(IID_INamedPipeServerConnection);
    if (of_server)
        of_server->get_ID(&told.connection);
    event->get_Text(text.put());
    told.text = narrow(text.get());
    return told.str();
}
