/* The class factory and the life of the DLL. */

#include "support/dll/loaded_dll.h"

#include "support/com/recording_sink.h"
#include "support/com/server_in_mode.h"

#include <gtest/gtest.h>

namespace
{

class ClassFactory : public testing::Test
{
  protected:
    apartment sta{COINIT_APARTMENTTHREADED};
    loaded_dll dll;
};

TEST_F(ClassFactory, IsThereForTheServerAndTheManagerOfClientsAlone)
{
    com_ptr<IClassFactory> of_managers;

    for (const CLSID *clsid :
         {&CLSID_NamedPipeServerConnection, &CLSID_NamedPipeConnections, &CLSID_NamedPipeEvent,
          &CLSID_NamedPipeClientConnection, &CLSID_NamedPipeNames, &IID_INamedPipeServer, &GUID_NULL})
    {
        void *out;

        EXPECT_EQ(dll.get_class_object(*clsid, IID_IClassFactory, &out), CLASS_E_CLASSNOTAVAILABLE);
        EXPECT_EQ(out, nullptr);
    }
    EXPECT_TRUE(dll.factory());
    EXPECT_EQ(dll.get_class_object(CLSID_NamedPipeClientManager, IID_IClassFactory, of_managers.put_void()), S_OK);
}

TEST_F(ClassFactory, MakesAManagerOfClientsWithAnyOfItsInterfaces)
{
    com_ptr<IClassFactory> factory;

    ASSERT_EQ(dll.get_class_object(CLSID_NamedPipeClientManager, IID_IClassFactory, factory.put_void()), S_OK);
    for (const IID *iid :
         {&IID_IUnknown, &IID_IDispatch, &IID_INamedPipeClientManager, &IID_IProvideClassInfo2, &IID_ISupportErrorInfo})
    {
        com_ptr<IUnknown> manager;

        EXPECT_EQ(factory->CreateInstance(nullptr, *iid, manager.put_void()), S_OK);
        EXPECT_TRUE(manager);
    }
}

TEST_F(ClassFactory, HasTheInterfacesOfAFactoryAndNoOther)
{
    void *out;

    for (const IID *iid : {&IID_IUnknown, &IID_IClassFactory})
    {
        com_ptr<IUnknown> found;

        EXPECT_EQ(dll.get_class_object(CLSID_NamedPipeServer, *iid, found.put_void()), S_OK);
    }
    EXPECT_EQ(dll.get_class_object(CLSID_NamedPipeServer, IID_IDispatch, &out), E_NOINTERFACE);
    EXPECT_EQ(out, nullptr);
    EXPECT_EQ(dll.factory()->QueryInterface(IID_IDispatch, &out), E_NOINTERFACE);
    EXPECT_EQ(out, nullptr);
}

TEST_F(ClassFactory, MakesAServerWithAnyOfItsInterfaces)
{
    com_ptr<IClassFactory> factory = dll.factory();

    for (const IID *iid : {&IID_IUnknown, &IID_IDispatch, &IID_INamedPipeServer, &IID_IConnectionPointContainer,
                           &IID_IProvideClassInfo2, &IID_ISupportErrorInfo})
    {
        com_ptr<IUnknown> server;

        EXPECT_EQ(factory->CreateInstance(nullptr, *iid, server.put_void()), S_OK);
        EXPECT_TRUE(server);
    }
}

TEST_F(ClassFactory, RefusesAnUnknownInterfaceAndLeavesNothing)
{
    void *out = this;

    EXPECT_EQ(dll.factory()->CreateInstance(nullptr, IID_IClassFactory, &out), E_NOINTERFACE);

    EXPECT_EQ(out, nullptr);
    EXPECT_TRUE(dll.can_unload_soon());
}

TEST_F(ClassFactory, RefusesAggregation)
{
    com_ptr<INamedPipeServer> outer = dll.make_server();
    void *out = this;

    EXPECT_EQ(dll.factory()->CreateInstance(outer.as<IUnknown>(IID_IUnknown).get(), IID_IUnknown, &out),
              CLASS_E_NOAGGREGATION);

    EXPECT_EQ(out, nullptr);
}

TEST_F(ClassFactory, RefusesNullPointers)
{
    EXPECT_EQ(dll.factory()->CreateInstance(nullptr, IID_IUnknown, nullptr), E_POINTER);
    EXPECT_EQ(dll.factory()->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
}

TEST_F(ClassFactory, ServesThreadsOfEachApartment)
{
    com_ptr<IClassFactory> factory = dll.factory();
    HRESULT in_mta = E_FAIL, in_sta = E_FAIL;
    auto create = [&factory]() -> HRESULT
    {
        com_ptr<INamedPipeServer> server;
        HRESULT hr = factory->CreateInstance(nullptr, IID_INamedPipeServer, server.put_void());

        return hr;
    };

    run_in_mta([&] { in_mta = create(); });
    {
        sta_thread thread;
        thread.run([&] { in_sta = create(); });
    }

    EXPECT_EQ(in_mta, S_OK);
    EXPECT_EQ(in_sta, S_OK);
}

class DllCanUnload : public ClassFactory
{
};

TEST_F(DllCanUnload, WhenNothingOfItIsInUse)
{
    EXPECT_TRUE(dll.can_unload());
}

TEST_F(DllCanUnload, NotWhileItsFactoryIsHeld)
{
    com_ptr<IClassFactory> factory = dll.factory();
    EXPECT_FALSE(dll.can_unload());

    factory.reset();

    EXPECT_TRUE(dll.can_unload());
}

TEST_F(DllCanUnload, NotWhileItIsLocked)
{
    dll.factory()->LockServer(FALSE); /* of no lock: nothing follows of it */
    dll.factory()->LockServer(TRUE);
    dll.factory()->LockServer(TRUE);
    dll.factory()->LockServer(FALSE);
    EXPECT_FALSE(dll.can_unload());

    dll.factory()->LockServer(FALSE);

    EXPECT_TRUE(dll.can_unload());
}

TEST_F(DllCanUnload, NotWhileAServerIsHeld)
{
    com_ptr<INamedPipeServer> server = dll.make_server();
    EXPECT_FALSE(dll.can_unload());

    server.reset();

    EXPECT_TRUE(dll.can_unload_soon());
}

TEST_F(DllCanUnload, NotWhileAnObjectOfTheServerIsHeld)
{
    com_ptr<INamedPipeServer> server = dll.make_server();
    com_ptr<INamedPipeConnections> connections;
    ASSERT_EQ(server->get_Connections(connections.put()), S_OK);

    server.reset();
    EXPECT_FALSE(dispatch_until([this] { return dll.can_unload(); }, 200));
    connections.reset();

    EXPECT_TRUE(dll.can_unload_soon());
}

/* The last that holds the memory of the server is a connection. Another thread releases it: the server thread is to
 * free the memory, and ends without dispatching anything. */
TEST_F(DllCanUnload, AfterAThreadThatEndsBeforeItFreedItsServer)
{
    const std::wstring name = L"dll-ended-" + std::to_wstring(GetCurrentProcessId());

    in_sta(
        [&]
        {
            com_ptr<INamedPipeServer> server = dll.make_server();
            com_ptr<INamedPipeConnections> all;
            com_ptr<INamedPipeServerConnection> connection;
            LONG count = 0;

            server->put_PipeName(bstr(name).get());
            ASSERT_EQ(server->Start(), S_OK);
            raw_client client(L"\\\\.\\pipe\\" + name);
            while (!count)
            {
                ASSERT_EQ(server->get_Connections(all.put()), S_OK);
                all->get_Count(&count);
            }
            ASSERT_EQ(all->get_Item(1, connection.put()), S_OK);
            all.reset();
            ASSERT_EQ(server->Stop(0), S_OK);
            server.reset();
            run_in_mta([&] { connection.reset(); });
        })
        .join();

    EXPECT_TRUE(dll.can_unload());
}

/* A server on a thread of its own, whose handler of ClientConnected is `act`. The thread ends; then the server is
 * stopped and released. */
void serve_one_client(const loaded_dll &dll, std::function<void()> act)
{
    const std::wstring name = L"dll-handler-" + std::to_wstring(GetCurrentProcessId());
    com_ptr<INamedPipeServer> server;
    raw_client client;

    in_sta(
        [&]
        {
            com_ptr<IConnectionPoint> point;
            bool told = false;
            com_ptr<IDispatch> sink =
                make_recording_sink(std::make_shared<event_log>(), sink_nature::bound,
                                    when(NamedPipeEventClientConnected, [&] { told = true, act(); }));
            DWORD cookie;

            server = dll.make_server();
            server.as<IConnectionPointContainer>(IID_IConnectionPointContainer)
                ->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put());
            point->Advise(sink.get(), &cookie);
            server->put_PipeName(bstr(name).get());
            server->Start();
            client.connect(L"\\\\.\\pipe\\" + name);
            dispatch_until([&] { return told; });
        })
        .join();
    EXPECT_EQ(server->Stop(0), S_OK);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(DllCanUnload, AfterAThreadThatEndedOutsideItsHandlers)
{
    serve_one_client(dll, [] {});

    EXPECT_TRUE(dll.can_unload_soon());
}

/* What the thread held inside its handler stays held: it had lent references to the handler, such as that on
 * Connection, and nobody can tell which of them the handler had released. In a process of its own, since that lasts. */
TEST_F(DllCanUnload, NeverAgainAfterAThreadThatEndedInsideItsHandler)
{
    constexpr int cannot = 42;

    EXPECT_EXIT(
        {
            serve_one_client(dll, [] { ExitThread(0); });
            ExitProcess(dispatch_until([this] { return dll.can_unload(); }, 1000) ? 1 : cannot);
        },
        testing::ExitedWithCode(cannot), "");
}

TEST_F(DllCanUnload, AfterALifeWithClientsAndAReleaseWithoutStop)
{
    const std::wstring path = L"\\\\.\\pipe\\dll-life-" + std::to_wstring(GetCurrentProcessId());
    com_ptr<INamedPipeServer> server = dll.make_server();
    com_ptr<INamedPipeEvent> event;
    server->put_PipeName(bstr(path.substr(9)).get());
    ASSERT_EQ(server->Start(), S_OK);
    raw_client client(path);
    client.write("hello");
    do
        ASSERT_EQ(server->WaitEvent(event_patience, event.put()), S_OK);
    while (event && str_of(event.get()) != "message 1 hello");
    ASSERT_TRUE(event);
    event.reset();
    EXPECT_FALSE(dll.can_unload());

    server.reset();

    EXPECT_TRUE(dll.can_unload_soon());
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

/* A handler that does not return keeps its thread inside the DLL, past the last Release. */
TEST_F(DllCanUnload, NotWhileAThreadOfItRuns)
{
    blocking_point handler;

    run_in_mta(
        [&]
        {
            const std::wstring name = L"dll-thread-" + std::to_wstring(GetCurrentProcessId());
            com_ptr<INamedPipeServer> server = dll.make_server();
            com_ptr<IDispatch> sink = make_recording_sink(std::make_shared<event_log>(), sink_nature::agile,
                                                          [&](const told_event &, auto *) { handler.block(); });
            com_ptr<IConnectionPoint> point;
            DWORD cookie;

            server->put_PipeName(bstr(name).get());
            server->put_FreeThreadingEvents(VARIANT_TRUE);
            server.as<IConnectionPointContainer>(IID_IConnectionPointContainer)
                ->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put());
            ASSERT_EQ(point->Advise(sink.get(), &cookie), S_OK);
            ASSERT_EQ(server->Start(), S_OK);
            ASSERT_TRUE(handler.wait_until_blocked());
        });
    EXPECT_FALSE(dispatch_until([this] { return dll.can_unload(); }, 200));
    handler.unblock();

    EXPECT_TRUE(dll.can_unload_soon());
}

TEST(Dll, LeavesTheProcessWhenItSaysThatItCan)
{
    apartment sta{COINIT_APARTMENTTHREADED};
    {
        loaded_dll dll;
        com_ptr<INamedPipeServer> server = dll.make_server();
        const std::wstring name = L"dll-leaves-" + std::to_wstring(GetCurrentProcessId());

        server->put_PipeName(bstr(name).get());
        ASSERT_EQ(server->Start(), S_OK);
        server.reset();
        ASSERT_TRUE(dll.can_unload_soon());
    }

    EXPECT_TRUE(dispatch_until([] { return !is_loaded(L"NamedPipeServer.dll"); }));
}

} // namespace
