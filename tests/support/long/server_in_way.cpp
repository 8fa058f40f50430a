#include "support/long/server_in_way.h"

const char *name_of(way w)
{
    switch (w)
    {
    case way::window: return "window";
    case way::loop: return "loop";
    case way::wait_event: return "WaitEvent";
    default: return "free-threaded";
    }
}

DWORD apartment_of(way w)
{
    return w == way::window ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED;
}

static std::string_view bytes_of(const SAFEARRAY *data)
{
    return data ? std::string_view(static_cast<const char *>(data->pvData), data->rgsabound[0].cElements)
                : std::string_view();
}

server_in_way::server_in_way(way w, std::function<void(const raised_event &)> handler, LONG threads)
    : server_in_mode(w == way::free_threaded ? event_mode::free_threaded : event_mode::by_default, threads), w(w),
      handler(std::move(handler))
{
    if (w == way::wait_event)
        return;
    advised = advise(make_bare_sink(
                         [this](bare_call &call)
                         {
                             counted[call.event]++;
                             this->handler({call.event, call.connection, bytes_of(call.data)});
                             return S_OK;
                         },
                         w == way::free_threaded ? sink_nature::agile : sink_nature::bound)
                         .get());
}

server_in_way::~server_in_way()
{
    stop();
    if (advised)
        unadvise(advised);
    object.reset();
}

LONG server_in_way::count(NamedPipeEventKind kind) const
{
    return counted[kind];
}

LONG server_in_way::count() const
{
    LONG all = 0;

    for (const std::atomic<LONG> &some : counted)
        all += some;
    return all;
}

/* What WaitEvent gives, as a handler would have had it. */
void server_in_way::take_one()
{
    com_ptr<INamedPipeEvent> event = wait_event(20);
    com_ptr<IDispatch> object;
    com_ptr<INamedPipeServerConnection> connection;
    NamedPipeEventKind kind;
    SAFEARRAY *data = nullptr;

    if (!event)
        return;
    event->get_Kind(&kind);
    event->get_Connection(object.put());
    if (object)
        connection = object.as<INamedPipeServerConnection>(IID_INamedPipeServerConnection);
    event->get_Data(&data);
    counted[kind]++;
    handler({kind, connection.get(), bytes_of(data)});
    SafeArrayDestroy(data);
}

void server_in_way::run_for_a_while()
{
    const LONG before = count();

    switch (w)
    {
    case way::window: dispatch_until([&] { return count() != before; }, 20); break;
    case way::loop: enter_loop(20); break;
    case way::wait_event: take_one(); break;
    case way::free_threaded: SleepEx(1, TRUE); break; /* the workers run beside it */
    }
}

bool server_in_way::run_until(const std::function<bool()> &done)
{
    LONG last = count();
    ULONGLONG came = GetTickCount64();

    while (!done())
    {
        run_for_a_while();
        if (count() != last)
        {
            last = count();
            came = GetTickCount64();
        }
        else if (GetTickCount64() - came > 60000)
            return false;
    }
    return true;
}

HRESULT send(INamedPipeServerConnection *connection, std::string_view data)
{
    return connection->AsyncWrite(variant(message(data.begin(), data.end())), variant::missing());
}

void send_back(const raised_event &event)
{
    if (event.kind == NamedPipeEventClientMessageReceived)
        send(event.connection, event.data);
}
