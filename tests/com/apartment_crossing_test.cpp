/* Servers, sinks and the consumer's objects that belong to one apartment and are used from another. */

extern "C" {
#include "deliver/thread_window.h"
}

#include "support/com/consumer_object.h"
#include "support/com/message_filter.h"
#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ne;

namespace
{

void call(IDispatch *object)
{
    DISPPARAMS none = {};

    object->Invoke(7, IID_NULL, 0, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr);
}

/* A server of the test's own STA, which pumps; another STA and the MTA stand beside it. */
class WindowServer : public testing::Test, public test_in_sta
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread &other = lasting_sta();
    server_in_mode server;

    ~WindowServer() override
    {
        server.object.reset();
        /* Its memory is freed here, and what it held of the other STA's is freed there. */
        EXPECT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    }

    void tell_of_a_client()
    {
        server.start();
        raw_client client = server.connect();
        client.write("hello");
        client.close();
        ASSERT_TRUE(log->pump_for(NamedPipeEventClientDisconnected));
        EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 hello", "disconnected 1"));
    }
};

TEST_F(WindowServer, CallsASinkOfAnotherStaOnItsOwnThread)
{
    other.run([&] { server.advise(log); });

    tell_of_a_client();

    EXPECT_THAT(log->threads(), Each(other.id()));
}

TEST_F(WindowServer, CallsASinkOfTheMtaInTheMta)
{
    std::atomic<int> type{-1};
    latch end;
    latch advised;
    background mta = in_mta(
        [&]
        {
            server.advise(log,
                          [&](const told_event &, INamedPipeServerConnection *)
                          {
                              APTTYPE apartment;
                              APTTYPEQUALIFIER qualifier;

                              CoGetApartmentType(&apartment, &qualifier);
                              type = apartment;
                          });
            advised.set();
            end.wait(2 * event_patience);
        });
    ASSERT_TRUE(advised.wait(event_patience));

    tell_of_a_client();
    server.object.reset();
    end.set();

    EXPECT_THAT(log->threads(), Each(Ne(GetCurrentThreadId())));
    EXPECT_EQ(type, APTTYPE_MTA);
}

TEST_F(WindowServer, LetsASinkOfTheMtaGoInTheMta)
{
    latch end, advised;
    DWORD cookie = 0;
    background mta = in_mta(
        [&]
        {
            cookie = server.advise(log);
            advised.set();
            end.wait(2 * event_patience);
        });
    ASSERT_TRUE(advised.wait(event_patience));

    server.unadvise(cookie);

    for (DWORD waited = 0; !log->released_on && waited < event_patience; waited += 10)
        Sleep(10);
    EXPECT_THAT(log->released_on, AllOf(Ne(0u), Ne(GetCurrentThreadId())));
    end.set();
}

TEST_F(WindowServer, CallsAnAgileSinkOfAnotherStaOnItsOwnThread)
{
    other.run([&] { server.advise(log, nullptr, sink_nature::agile); });

    tell_of_a_client();

    EXPECT_THAT(log->threads(), Each(GetCurrentThreadId()));
}

TEST_F(WindowServer, CallsAnEventSinkOfAnotherStaThere)
{
    other.run([&] { server->put_EventSink(make_recording_sink(log, sink_nature::names_ex).get()); });

    tell_of_a_client();

    EXPECT_THAT(log->threads(), Each(other.id()));
}

TEST_F(WindowServer, IsTheSamePointerInAnotherSta)
{
    com_ptr<IStream> stream;
    com_ptr<INamedPipeServer> there;

    ASSERT_EQ(CoMarshalInterThreadInterfaceInStream(IID_INamedPipeServer, server.object.get(), stream.put()), S_OK);
    other.run(
        [&]
        {
            IStream *taken = stream.get();

            taken->AddRef();
            EXPECT_EQ(CoGetInterfaceAndReleaseStream(taken, IID_INamedPipeServer, there.put_void()), S_OK);
        });

    EXPECT_EQ(there.get(), server.object.get());
}

TEST_F(WindowServer, GivesConnectionsThatAreTheSamePointerInTheMta)
{
    com_ptr<IStream> stream;
    com_ptr<INamedPipeServerConnection> there;

    server.start();
    raw_client client = server.connect();
    com_ptr<INamedPipeServerConnection> here = server.await_connection(1);
    ASSERT_EQ(CoMarshalInterThreadInterfaceInStream(IID_INamedPipeServerConnection, here.get(), stream.put()), S_OK);
    run_in_mta(
        [&]
        {
            IStream *taken = stream.get();

            taken->AddRef();
            EXPECT_EQ(CoGetInterfaceAndReleaseStream(taken, IID_INamedPipeServerConnection, there.put_void()), S_OK);
        });

    EXPECT_EQ(there.get(), here.get());
}

TEST_F(WindowServer, MayBeLetGoOnAnotherThread)
{
    server.advise(log);
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->pump_for(NamedPipeEventClientConnected));

    run_in_mta([&] { server.object.reset(); });

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_TRUE(pump_until_windows_are_gone());
    EXPECT_EQ(log->released_on, GetCurrentThreadId());
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 0u);
}

TEST_F(WindowServer, KeepsCustomDataForEveryApartment)
{
    auto fate = std::make_shared<object_fate>();

    server.start();
    raw_client client = server.connect();
    com_ptr<INamedPipeServerConnection> connection = server.await_connection(1);
    other.run([&] { connection->put_CustomData(variant(make_consumer_object(fate).get())); });
    {
        variant found;

        ASSERT_EQ(connection->get_CustomData(&found), S_OK);
        ASSERT_EQ(V_VT(&found), VT_DISPATCH);
        call(V_DISPATCH(&found));
    }
    EXPECT_EQ(fate->called_on, other.id());

    connection->put_CustomData(variant(1));

    EXPECT_TRUE(dispatch_until([&] { return fate->is_gone(); }));
    EXPECT_EQ(fate->released_on, other.id());
}

TEST_F(WindowServer, ReleasesACookieOnItsHomeThread)
{
    auto fate = std::make_shared<object_fate>();
    std::atomic<DWORD> called_on{0};

    server.advise(log,
                  [&](const told_event &event, INamedPipeServerConnection *)
                  {
                      if (event.kind == NamedPipeEventClientMessageSent)
                          call(V_DISPATCH(&event.cookie));
                  });
    server.start();
    raw_client client = server.connect();
    com_ptr<INamedPipeServerConnection> connection = server.await_connection(1);
    other.run([&] { write_text(connection.get(), L"x", variant(make_consumer_object(fate).get())); });
    {
        ASSERT_TRUE(log->pump_for(NamedPipeEventClientMessageSent));
        log = std::make_shared<event_log>(*log); /* the copy has the cookie's proxy too */
    }
    EXPECT_EQ(fate->called_on, other.id());
    server.object.reset();
    connection.reset();
    log = std::make_shared<event_log>();

    EXPECT_TRUE(dispatch_until([&] { return fate->is_gone(); }));
    EXPECT_EQ(fate->released_on, other.id());
}

TEST_F(WindowServer, FreesTheCookieOfAWriteThatCameToNothingAtItsHome)
{
    auto fate = std::make_shared<object_fate>();

    server.start();
    raw_client client = server.connect();
    com_ptr<INamedPipeServerConnection> connection = server.await_connection(1);
    other.run(
        [&]
        {
            write_text(connection.get(), std::wstring(200000, L'x').c_str());
            write_text(connection.get(), L"y", variant(make_consumer_object(fate).get()));
        });
    client.close();

    server.stop();
    server.object.reset();
    connection.reset();

    EXPECT_TRUE(dispatch_until([&] { return fate->is_gone(); }));
    EXPECT_EQ(fate->released_on, other.id());
}

TEST_F(WindowServer, GivesItsEventSinkToAnotherApartment)
{
    com_ptr<IDispatch> sink = make_recording_sink(log, sink_nature::names);
    std::atomic<bool> is_proxy{false}, has_names{false};
    latch done;

    server->put_EventSink(sink.get());
    background mta = in_mta(
        [&]
        {
            com_ptr<IDispatch> found;
            wchar_t name[] = L"ServerReady";
            LPOLESTR names[] = {name};
            DISPID id = 0;

            server->get_EventSink(found.put());
            is_proxy = found && found.get() != sink.get();
            has_names = found && found->GetIDsOfNames(IID_NULL, names, 1, 0, &id) == S_OK && id == 100;
            found.reset();
            done.set();
        });

    EXPECT_TRUE(dispatch_until([&] { return done.wait(0); }));
    EXPECT_TRUE(is_proxy);
    EXPECT_TRUE(has_names);
}

TEST_F(WindowServer, GivesItsEventSinkAsItIsWhereItWasPut)
{
    com_ptr<IDispatch> sink = make_recording_sink(log, sink_nature::names), found;

    server->put_EventSink(sink.get());
    server->get_EventSink(found.put());

    EXPECT_EQ(found.get(), sink.get());
    server->put_EventSink(nullptr);
    server->get_EventSink(found.put());
    EXPECT_FALSE(found);
}

TEST_F(WindowServer, StopInASinkOfAnotherStaDoesNotBlock)
{
    other.run([&] { server.advise(log, when(NamedPipeEventClientMessageReceived, [&] { server.stop(); })); });
    server.start();
    raw_client client = server.connect();
    client.write("stop");

    EXPECT_TRUE(log->pump_for(NamedPipeEventClientDisconnected));
    EXPECT_FALSE(server.is_running());
}

class UncountedSta : public testing::Test
{
  protected:
    first_use first;
    apartment sta{COINIT_APARTMENTTHREADED};
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread other;
    server_in_mode server;
};

TEST_F(UncountedSta, StopsThoughASinkOfAnotherStaTakesNoCall)
{
    std::unique_ptr<busy_for> filter;
    bstr error;

    other.run([&] { server.advise(log); });
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->pump_for(NamedPipeEventClientConnected));
    other.run([&] { filter.reset(new busy_for(1000000, SERVERCALL_REJECTED)); });
    ULONGLONG begun = GetTickCount64();

    server.stop();

    EXPECT_LT(GetTickCount64() - begun, 4000u);
    server->get_LastEventError(error.put());
    EXPECT_EQ(error.str(), L"ClientDisconnected: 0x80010001: the handler gave no description");
    other.run([&] { filter.reset(); });
}

TEST_F(UncountedSta, RepeatsACallThatASinkOfAnotherStaRejects)
{
    std::unique_ptr<busy_for> filter;

    other.run(
        [&]
        {
            server.advise(log);
            filter.reset(new busy_for(3, SERVERCALL_REJECTED));
        });
    server.start();

    EXPECT_TRUE(log->pump_for(NamedPipeEventServerReady));

    other.run([&] { filter.reset(); });
}

class EndedThread : public testing::Test, public uncounted_test_in_mta
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
};

TEST_F(EndedThread, OfAServerDropsItsEventsAndLeavesTheRestAlive)
{
    com_ptr<INamedPipeServer> server;
    std::wstring path;

    in_sta(
        [&]
        {
            server_in_mode made;

            made.advise(log);
            made.start();
            server = made.object;
            path = made.path;
        })
        .join();
    raw_client client(path);
    com_ptr<INamedPipeConnections> all;
    com_ptr<INamedPipeServerConnection> connection;
    LONG count = 0;
    while (!count)
    {
        server->get_Connections(all.put());
        all->get_Count(&count);
    }
    all->get_Item(1, connection.put());

    EXPECT_EQ(write_text(connection.get(), L"still here"), S_OK);
    EXPECT_EQ(client.read_text(), "still here");
    EXPECT_EQ(server->Stop(0), S_OK);

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(log->count(), 0u);
    connection.reset();
    all.reset();
    server.reset();
    EXPECT_TRUE(pump_until_windows_are_gone());
}

TEST_F(EndedThread, OfASinkIsNoHindranceToOthers)
{
    auto dead = std::make_shared<event_log>();
    DWORD cookie = 0;

    {
        server_in_mode server;
        in_sta([&] { cookie = server.advise(dead); }).join();
        server.advise(log);
        server.start();
        raw_client client = server.connect();
        while (!log->count(NamedPipeEventClientConnected))
            server.enter_loop(10);

        EXPECT_EQ(dead->count(), 0u);
        EXPECT_EQ(server.unadvise(cookie), CONNECT_E_NOCONNECTION);
    }
    EXPECT_TRUE(pump_until_windows_are_gone());
}

/* The thread is asked to let its sink go while it lives, and dispatches nothing before it ends. */
TEST_F(EndedThread, LeavesNothingOfASinkThatItWasToLetGo)
{
    auto dead = std::make_shared<event_log>();
    blocking_point its_work;
    DWORD cookie = 0;
    server_in_mode server;
    background its_thread = in_sta(
        [&]
        {
            cookie = server.advise(dead);
            its_work.block();
        });
    ASSERT_TRUE(its_work.wait_until_blocked());

    EXPECT_EQ(server.unadvise(cookie), S_OK);
    its_work.unblock();
    its_thread.join();
    thread_window_reap();

    EXPECT_TRUE(pump_until_windows_are_gone());
    EXPECT_EQ(dead->sinks, 1) << "no other thread may call it";
}

} // namespace
