#include "support/com/window_server.h"

namespace
{

class ServerProperties : public window_server_test
{
  protected:
    server_in_mode fresh;

    std::wstring text(HRESULT (STDMETHODCALLTYPE INamedPipeServer::*get)(BSTR *))
    {
        bstr value;

        EXPECT_EQ((server.object.get()->*get)(value.put()), S_OK);
        return value.str();
    }
};

TEST_F(ServerProperties, BeginWithTheirDefaults)
{
    INamedPipeServer *s = server.object.get();

    EXPECT_EQ(value_of(s, &INamedPipeServer::get_NumThreadsIOCP), 1);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_FreeThreadingEvents), VARIANT_FALSE);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ContinuouslyReadFromPipe), VARIANT_TRUE);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MessageBufferSize), 131072);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ReceiveQueueLimit), 16777216);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_SendQueueLimit), 67108864);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MaxConnections), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ListenBacklog), 4);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MaxMessageSize), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_IdleTimeout), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_TotalConnections), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_BytesReceived), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_IsRunning), VARIANT_FALSE);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_EventSink), nullptr);
    EXPECT_EQ(text(&INamedPipeServer::get_LastEventError), L"");
}

extern "C" HRESULT NamedPipeServer_create(REFIID riid, void **out);

TEST_F(ServerProperties, ThePipeHasNoNameAtFirst)
{
    com_ptr<INamedPipeServer> nameless;
    bstr name;
    ASSERT_EQ(NamedPipeServer_create(IID_INamedPipeServer, nameless.put_void()), S_OK);

    EXPECT_EQ(nameless->get_PipeName(name.put()), S_OK);

    EXPECT_NE(name.get(), nullptr);
    EXPECT_EQ(name.str(), L"");
}

TEST_F(ServerProperties, ReadWhatWasLastPut)
{
    INamedPipeServer *s = server.object.get();

    EXPECT_EQ(s->put_PipeName(bstr(L"a\\b").get()), S_OK);
    EXPECT_EQ(s->put_NumThreadsIOCP(7), S_OK);
    EXPECT_EQ(s->put_FreeThreadingEvents(VARIANT_TRUE), S_OK);
    EXPECT_EQ(s->put_ContinuouslyReadFromPipe(VARIANT_FALSE), S_OK);
    EXPECT_EQ(s->put_MessageBufferSize(4096), S_OK);
    EXPECT_EQ(s->put_ReceiveQueueLimit(5), S_OK);
    EXPECT_EQ(s->put_SendQueueLimit(6), S_OK);
    EXPECT_EQ(s->put_MaxConnections(8), S_OK);
    EXPECT_EQ(s->put_ListenBacklog(9), S_OK);
    EXPECT_EQ(s->put_MaxMessageSize(10), S_OK);
    EXPECT_EQ(s->put_IdleTimeout(11), S_OK);

    EXPECT_EQ(text(&INamedPipeServer::get_PipeName), L"a\\b");
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_NumThreadsIOCP), 7);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_FreeThreadingEvents), VARIANT_TRUE);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ContinuouslyReadFromPipe), VARIANT_FALSE);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MessageBufferSize), 4096);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ReceiveQueueLimit), 5);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_SendQueueLimit), 6);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MaxConnections), 8);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ListenBacklog), 9);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MaxMessageSize), 10);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_IdleTimeout), 11);
}

TEST_F(ServerProperties, TakeImpossibleValuesWithoutAnError)
{
    INamedPipeServer *s = server.object.get();

    EXPECT_EQ(s->put_PipeName(nullptr), S_OK);
    EXPECT_EQ(s->put_NumThreadsIOCP(-1), S_OK);
    EXPECT_EQ(s->put_MessageBufferSize(0), S_OK);
    EXPECT_EQ(s->put_ReceiveQueueLimit(-5), S_OK);
    EXPECT_EQ(s->put_SendQueueLimit(-5), S_OK);

    EXPECT_EQ(text(&INamedPipeServer::get_PipeName), L"");
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_NumThreadsIOCP), -1);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_MessageBufferSize), 0);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_ReceiveQueueLimit), -5);
    EXPECT_EQ(value_of(s, &INamedPipeServer::get_SendQueueLimit), -5);
}

TEST_F(ServerProperties, AnyTrueReadsAsTrue)
{
    EXPECT_EQ(server->put_FreeThreadingEvents(1), S_OK);

    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_FreeThreadingEvents), VARIANT_TRUE);
}

TEST_F(ServerProperties, ANameMayHoldNul)
{
    const std::wstring name(L"a\0b", 3);

    EXPECT_EQ(server->put_PipeName(bstr(name).get()), S_OK);

    EXPECT_EQ(text(&INamedPipeServer::get_PipeName), name);
}

TEST_F(ServerProperties, TheVersionTellsTheBitness)
{
    EXPECT_EQ(text(&INamedPipeServer::get_Version), sizeof(void *) == 8 ? L"1.0.0 x64" : L"1.0.0 x86");
}

TEST_F(ServerProperties, WithoutAPlaceForTheValueAreAnError)
{
    EXPECT_EQ(server->get_PipeName(nullptr), E_POINTER);
    EXPECT_EQ(server->get_NumThreadsIOCP(nullptr), E_POINTER);
    EXPECT_EQ(server->get_IsRunning(nullptr), E_POINTER);
    EXPECT_EQ(server->get_Connections(nullptr), E_POINTER);
    EXPECT_EQ(server->get_TotalConnections(nullptr), E_POINTER);
    EXPECT_EQ(server->get_MessagesReceived(nullptr), E_POINTER);
    EXPECT_NE(take_error_sentence(), L"");
}

TEST_F(ServerProperties, AreReadOnceByStart)
{
    start_with_client();

    server->put_PipeName(bstr(L"another").get());
    server->put_NumThreadsIOCP(-3);
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    server->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(client.write("two"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));

    EXPECT_EQ(log->threads(), std::vector<DWORD>(4, GetCurrentThreadId()));
    EXPECT_TRUE(raw_client(server.path).is_open()) << "the old name";
    EXPECT_EQ(server.start(), S_OK) << "it runs: nothing is judged";
    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_EQ(server.start(), vb_error(5)) << "NumThreadsIOCP is judged now";
}

TEST_F(ServerProperties, TheNextStartTakesTheChange)
{
    start_with_client();
    server->put_PipeName(bstr(fresh.path.substr(9)).get());

    ASSERT_EQ(server.stop(), S_OK);
    ASSERT_EQ(server.start(), S_OK);

    EXPECT_NE(raw_client().connect(server.path, 0), 0u);
    EXPECT_EQ(raw_client().connect(fresh.path), 0u);
}

TEST_F(ServerProperties, IsRunningFollowsStartAndStop)
{
    EXPECT_FALSE(server.is_running());
    start();
    EXPECT_TRUE(server.is_running());
    server.stop();
    EXPECT_FALSE(server.is_running());
}

} // namespace
