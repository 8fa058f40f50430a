/* Every request for memory is refused once, over the whole life of a server. */

#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"

extern "C" {
#include "base/win32.h"
}

#include <atomic>

extern "C" HRESULT NamedPipeServer_create(REFIID riid, void **out);

namespace
{

std::atomic<LONG> countdown; /* the request that brings it to 0 is refused */
decltype(win32.allocate) real_allocate;

void *refusing_allocate(size_t size)
{
    return --countdown == 0 ? nullptr : real_allocate(size);
}

bool has_fired()
{
    return countdown <= 0;
}

class ServerMemory : public test_in_sta, public testing::Test
{
  protected:
    com_ptr<INamedPipeServer> server;
    std::wstring path;

    void SetUp() override
    {
        real_allocate = win32.allocate;
        win32.allocate = refusing_allocate;
        countdown = 0x7fffffff;
    }
    void TearDown() override
    {
        countdown = 0x7fffffff;
        pump_until_windows_are_gone();
        win32.allocate = real_allocate;
    }

    /* What a method may answer where memory is short; it is then asked again, and must work. */
    void expect_twice(std::function<HRESULT()> method)
    {
        HRESULT hr = method();

        if (hr == E_OUTOFMEMORY && has_fired())
            hr = method();
        EXPECT_EQ(hr, S_OK);
    }
    bool create()
    {
        HRESULT hr = NamedPipeServer_create(IID_INamedPipeServer, server.put_void());

        EXPECT_TRUE(hr == S_OK || (hr == E_OUTOFMEMORY && has_fired() && !server));
        return hr == S_OK;
    }
    void advise()
    {
        com_ptr<IDispatch> sink = make_bare_sink(
            [this](bare_call &call) -> HRESULT
            {
                if (call.event == NamedPipeEventClientMessageReceived)
                    expect_twice([&]
                                 { return call.connection->AsyncWriteText(bstr(L"echo").get(), 65001, variant(5)); });
                return S_OK;
            });
        com_ptr<IConnectionPoint> point;
        DWORD cookie = 0;

        server.as<IConnectionPointContainer>(IID_IConnectionPointContainer)
            ->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put());
        expect_twice([&] { return point->Advise(sink.get(), &cookie); });
    }
    /* Whether a new client gets its answer within `ms`. */
    bool is_answered(DWORD ms)
    {
        raw_client client;
        message answer;

        if (client.connect(path, ms) || client.write(message_of("hello"), ms))
            return false;
        return dispatch_until([&] { return client.bytes_waiting() > 0; }, ms) && client.read(answer) == 0 &&
               text_of(answer) == "echo";
    }
    /* One life, in which the request number `nth` is refused. False: there were not so many. */
    bool live(LONG nth)
    {
        SCOPED_TRACE("request " + std::to_string(nth));
        bool fired;

        path = unique_pipe_path();
        countdown = nth;
        if (!create())
            return true;
        server->put_PipeName(bstr(path.substr(9)).get());
        advise();
        expect_twice([&] { return server->Start(); });
        if (!is_answered(has_fired() ? patience : 400))
        {
            EXPECT_TRUE(has_fired()) << "only a shortage excuses";
            EXPECT_TRUE(is_answered(patience)) << "the server goes on";
        }
        EXPECT_EQ(server->Stop(0), S_OK);
        fired = has_fired();
        server.reset();
        EXPECT_TRUE(pump_until_windows_are_gone());
        return fired;
    }
};

TEST_F(ServerMemory, ThatIsRefusedAtAnyRequestEndsNoServer)
{
    LONG nth = 1;

    while (live(nth) && !HasFailure() && nth < 500)
        nth++;

    EXPECT_GT(nth, 20);
    EXPECT_LT(nth, 500);
}

} // namespace
