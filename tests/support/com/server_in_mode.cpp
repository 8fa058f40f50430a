#include "support/com/server_in_mode.h"

#include "support/com/consumer_object.h"
#include "support/com/stand_in.h"

#include "support/pipe/engine_fixture.h"

#include <gmock/gmock.h>

extern "C" {
#include "com/global_table.h"
}

extern "C" HRESULT NamedPipeServer_create(REFIID riid, void **out);

server_in_mode::server_in_mode(event_mode mode, LONG threads) : path(unique_pipe_path())
{
    EXPECT_EQ(NamedPipeServer_create(IID_INamedPipeServer, object.put_void()), S_OK) << GetLastError();
    object->put_PipeName(bstr(path.substr(lstrlenW(L"\\\\.\\pipe\\"))).get());
    object->put_FreeThreadingEvents(mode == event_mode::free_threaded ? VARIANT_TRUE : VARIANT_FALSE);
    object->put_NumThreadsIOCP(threads);
}

HRESULT server_in_mode::start()
{
    return object->Start();
}

HRESULT server_in_mode::stop(LONG drain_ms)
{
    return object->Stop(drain_ms);
}

bool server_in_mode::is_running() const
{
    VARIANT_BOOL running = VARIANT_FALSE;

    object->get_IsRunning(&running);
    return running != VARIANT_FALSE;
}

static com_ptr<IConnectionPoint> point_of(INamedPipeServer *server)
{
    com_ptr<IConnectionPointContainer> container;
    com_ptr<IConnectionPoint> point;

    server->QueryInterface(IID_IConnectionPointContainer, container.put_void());
    container->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put());
    return point;
}

DWORD server_in_mode::advise(IDispatch *sink)
{
    DWORD cookie = 0;

    EXPECT_EQ(point_of(object.get())->Advise(sink, &cookie), S_OK);
    return cookie;
}

DWORD server_in_mode::advise(std::shared_ptr<event_log> log, event_handler handler, sink_nature nature)
{
    return advise(make_recording_sink(std::move(log), nature, std::move(handler)).get());
}

HRESULT server_in_mode::unadvise(DWORD cookie)
{
    return point_of(object.get())->Unadvise(cookie);
}

raw_client server_in_mode::connect() const
{
    return raw_client(path);
}

std::vector<std::string> server_in_mode::rest()
{
    std::vector<std::string> all;
    std::string line;

    while ((line = next(0)) != "nothing")
        all.push_back(line);
    return all;
}

bool server_in_mode::enter_loop(LONG ms)
{
    VARIANT_BOOL left = VARIANT_FALSE;

    EXPECT_EQ(object->ManualMessageLoopEnter(ms, &left), S_OK);
    return left != VARIANT_FALSE;
}

com_ptr<INamedPipeServerConnection> server_in_mode::connection(LONG id) const
{
    com_ptr<INamedPipeConnections> all;
    com_ptr<INamedPipeServerConnection> found;

    object->get_Connections(all.put());
    if (id)
        all->get_ByID(id, found.put());
    else
        all->get_Item(1, found.put());
    return found;
}

com_ptr<INamedPipeServerConnection> server_in_mode::await_connection(LONG id) const
{
    const ULONGLONG until = GetTickCount64() + event_patience;
    com_ptr<INamedPipeServerConnection> found;

    while (!(found = connection(id)) && GetTickCount64() < until)
        SwitchToThread();
    EXPECT_TRUE(found) << "no client came";
    return found;
}

void server_in_mode::await_drop(LONG id) const
{
    const ULONGLONG until = GetTickCount64() + event_patience;

    while (connection(id) && GetTickCount64() < until)
        SwitchToThread();
    EXPECT_FALSE(connection(id)) << "the client is still there";
}

LONG server_in_mode::broadcast(const char *text, const VARIANT &cookie)
{
    LONG count = 0;

    object->AsyncBroadcast(variant(message_of(text)), cookie, &count);
    return count;
}

void expect_a_client_to_be_told(server_in_mode &server, const event_log &log)
{
    ASSERT_EQ(server.start(), S_OK);
    raw_client client = server.connect();
    client.write("hello");
    client.close();
    ASSERT_TRUE(log.wait_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log.all(), testing::ElementsAre("ready", "connected 1", "message 1 hello", "disconnected 1"));
}

HRESULT write_text(INamedPipeServerConnection *connection, const wchar_t *text, const VARIANT &cookie)
{
    return connection->AsyncWriteText(bstr(text).get(), 65001, cookie);
}

background in_mta(std::function<void()> run)
{
    return background(
        [run]
        {
            apartment mta(COINIT_MULTITHREADED);
            run();
        });
}

background in_sta(std::function<void()> run)
{
    return background(
        [run]
        {
            apartment sta(COINIT_APARTMENTTHREADED);
            run();
        });
}

extern "C" unsigned window_class_count(void);

static unsigned windows_before;

bool pump_until_windows_are_gone()
{
    return dispatch_until([] { return window_class_count() <= windows_before; }, event_patience);
}

test_in_sta::at_the_end::~at_the_end()
{
    EXPECT_TRUE(pump_until_windows_are_gone()) << "a window of ours is left";
}

/* ---- what Windows makes once ---- */

static void use_a_server(server_in_mode &server, event_log &log)
{
    raw_client client;

    server.start();
    client = server.connect();
    client.write("x");
    while (!log.count(NamedPipeEventClientMessageReceived))
        server.enter_loop(10);
    server.stop();
}

/* With the last stub of an interface in the process Wine 8 takes the interface from rpcrt4 (RpcServerUnregisterIf), and
 * waits there, dispatching nothing, until the calls by way of rpcrt4 that are under way have ended. A call that ends
 * while the event for that wait is being made sets none (RPCRT4_release_server_interface takes no lock): the wait is
 * for ever. A call of an STA's object in the same process goes that way only where its stub has gone; and the Global
 * Interface Table gives out proxies of such stubs where an object is dropped while another thread gets it, as happens
 * to gates. One stub that lasts keeps the interface there. No other interface is called like this in our tests. */
static void keep_a_stub_of_idispatch()
{
    com_ptr<IDispatch> object = make_consumer_object(std::make_shared<object_fate>());
    DWORD cookie;

    EXPECT_EQ(global_table_put(object.get(), IID_IDispatch, &cookie), S_OK);
}

static sta_thread *make_lasting_sta()
{
    auto *thread = new sta_thread;

    thread->run(keep_a_stub_of_idispatch);
    return thread;
}

sta_thread &lasting_sta()
{
    static sta_thread *thread = make_lasting_sta();

    return *thread;
}

/* A server of the calling thread's apartment, with a sink in another STA and one here: windows, workers, the marshaller
 * and its threads. */
static void use_servers(event_mode mode)
{
    auto log = std::make_shared<event_log>();
    server_in_mode server(mode, 4);

    lasting_sta().run([&] { server.advise(log); });
    server.advise(log);
    use_a_server(server, *log);
}

static void use_servers_in(DWORD kind)
{
    apartment here(kind);

    use_servers(event_mode::by_default);
    use_servers(event_mode::free_threaded);
    pump_until_windows_are_gone();
}

extern "C" LONGLONG (*queue_clock)(void);

namespace
{

volatile LONG seconds_passed;
decltype(queue_clock) real_clock;

LONGLONG clock_that_stands(void)
{
    return 1 + seconds_passed * 1000000LL;
}

} // namespace

stopped_clock::stopped_clock()
{
    real_clock = queue_clock;
    seconds_passed = 0;
    queue_clock = clock_that_stands;
}

stopped_clock::~stopped_clock()
{
    queue_clock = real_clock;
}

void stopped_clock::advance(unsigned seconds)
{
    seconds_passed += static_cast<LONG>(seconds);
}

first_use::first_use()
{
    static bool used = false;

    if (!used)
    {
        hosted_runtime runtime; /* its sinks are called through gates */

        use_servers_in(COINIT_APARTMENTTHREADED);
        use_servers_in(COINIT_MULTITHREADED);
    }
    used = true;
    windows_before = window_class_count();
}
