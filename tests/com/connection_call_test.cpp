/* Call, CallText and CallJson of a connection, in every apartment, against a server of anybody's. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"
#include "support/pipe/seams.h"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{
constexpr size_t MIB = 1024 * 1024;
constexpr LONG long_enough = static_cast<LONG>(event_patience);

/* The answer as text, or "(0x…)". */
std::string call(INamedPipeClientConnection *client, const wchar_t *text, LONG timeout = long_enough)
{
    bstr answer;
    HRESULT hr = client->CallText(bstr(text).get(), timeout, 65001, answer.put());
    char code[16];

    wsprintfA(code, "(0x%08X)", static_cast<unsigned>(hr));
    if (FAILED(hr))
        return code;
    return std::string(answer.get(), answer.get() + SysStringLen(answer.get()));
}

std::string call(const client_ptr &client, const wchar_t *text, LONG timeout = long_enough)
{
    return call(client.get(), text, timeout);
}

class connection_call
{
  protected:
    std::wstring path = unique_pipe_path();
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
};

/* ---- on an STA ---- */

class ConnectionCall : public testing::Test, public test_in_sta, public connection_call
{
  protected:
    client_in_mode manager;
    client_ptr client;

    void connect_to(raw_server &server)
    {
        client = manager.connect(path);
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(manager.next(), "connected");
    }

    /* A server on this thread, which acts when a message has come. */
    void serve(server_in_mode &server, event_handler handler)
    {
        server.advise(log, std::move(handler));
        ASSERT_EQ(server.start(), S_OK);
        client = manager.connect(server.path);
    }
};

TEST_F(ConnectionCall, GivesBytesTextAndValues)
{
    raw_server server(path);
    SAFEARRAY *bytes = nullptr;
    bstr text;
    variant value;

    connect_to(server);
    scripted_peer peer(server, {hears("ab"), says("cd"), hears("\xE4"), says("\xF6"), hears("[1,2]"), says("17")});

    EXPECT_EQ(client->Call(variant(message_of("ab")), long_enough, &bytes), S_OK);
    EXPECT_THAT(elements_of(bytes), ElementsAre('c', 'd'));
    SafeArrayDestroy(bytes);
    EXPECT_EQ(client->CallText(bstr(L"\xE4").get(), long_enough, 1252, text.put()), S_OK);
    EXPECT_EQ(text.str(), L"\xF6");
    EXPECT_EQ(client->CallJson(variant::array_of({variant(1), variant(2)}), long_enough, &value), S_OK);
    EXPECT_EQ(V_VT(&value), VT_I4);
    EXPECT_EQ(V_I4(&value), 17);
    EXPECT_TRUE(is_connected(client));
    EXPECT_EQ(manager.next(100), "nothing") << "no event tells of it";
}

/* A consumer may keep ten thousand of them. */
TEST_F(ConnectionCall, AShortAnswerHoldsNoReadBuffer)
{
    raw_server server(path);
    SAFEARRAY *bytes = nullptr;
    IMalloc *heap = nullptr;

    client = manager.connect(path);
    ASSERT_NE(advise_client(client, log), 0u) << "without a sink it would be copied anyway";
    EXPECT_EQ(server.accept(), 0u);
    scripted_peer peer(server, {hears("ask"), says("short"), hears("ask"), says("short")});

    ASSERT_EQ(CoGetMalloc(1, &heap), S_OK);
    EXPECT_EQ(client->Call(variant(message_of("ask")), long_enough, &bytes), S_OK);
    EXPECT_LT(heap->GetSize(bytes->pvData), 1000u);
    SafeArrayDestroy(bytes);
    heap->Release();
    EXPECT_EQ(call(client, L"ask"), "short") << "and the buffer is back in its pool";
}

TEST_F(ConnectionCall, HasDefaultsForScripts)
{
    raw_server server(path);
    variant argument(L"ask"), answer;
    DISPPARAMS params = {&argument, nullptr, 1, 0};

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("\"answer\""), hears("\"ask\""), says("\"answer\"")});

    EXPECT_EQ(client->Invoke(46, IID_NULL, 0, DISPATCH_METHOD, &params, &answer, nullptr, nullptr), S_OK);
    EXPECT_STREQ(V_BSTR(&answer), L"\"answer\"");
    answer.clear();
    EXPECT_EQ(client->Invoke(47, IID_NULL, 0, DISPATCH_METHOD, &params, &answer, nullptr, nullptr), S_OK);
    EXPECT_STREQ(V_BSTR(&answer), L"answer");
}

TEST_F(ConnectionCall, IsAnsweredByAServerOnTheSameThread)
{
    server_in_mode server;

    serve(server, echo());
    EXPECT_EQ(call(client, L"once"), "once");
    EXPECT_EQ(call(client, L"and again"), "and again");
    server.stop();
}

TEST_F(ConnectionCall, WaitsForAConnectThatIsUnderWay)
{
    raw_server server(path);

    client = manager.connect(path);
    scripted_peer peer(server, {hears("ask"), says("answer")});

    EXPECT_EQ(call(client, L"ask"), "answer");
    EXPECT_EQ(manager.next(), "connected");
}

TEST_F(ConnectionCall, FailsAsItsConnectDoes)
{
    client = manager.connect(path, 50);

    EXPECT_EQ(call(client, L"ask"), "(0x800A0035)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"no such pipe"));
    EXPECT_EQ(manager.next(), "error");
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
}

TEST_F(ConnectionCall, RaisesNoMessageThatCameBefore)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(server.write("early"), 0u);
    while (!value_of(client, &INamedPipeClientConnection::get_MessagesReceived))
        Sleep(1);
    scripted_peer peer(server, {hears("ask"), says("answer"), says("late")});

    EXPECT_EQ(call(client, L"ask"), "answer");
    EXPECT_EQ(manager.next(100), "nothing");
    EXPECT_EQ(advise_client(client, log) != 0, true);
    EXPECT_EQ(manager.next(100), "nothing");
    EXPECT_EQ(log->count(), 0u);
}

TEST_F(ConnectionCall, GoesBehindWhatIsQueued)
{
    raw_server server(path);

    connect_to(server);
    EXPECT_EQ(write_text(client, L"first"), S_OK);
    scripted_peer peer(server, {hears("first"), hears("second"), says("answer")});

    EXPECT_EQ(call(client, L"second"), "answer");
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(manager.next(100), "nothing");
}

TEST_F(ConnectionCall, WithoutAFramingAByteModeServerIsRefusedBeforeAnythingIsSent)
{
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    EXPECT_EQ(call(client, L"ask"), "(0x80040207)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"set Framing"));
    EXPECT_EQ(server.bytes_waiting(), 0u);
    server.write("chunk");
    EXPECT_EQ(manager.next(), "message chunk") << "its events come on";
}

TEST_F(ConnectionCall, ReadsAFrame)
{
    raw_server server(path, pipe_mode::bytes);

    manager->put_Framing(NamedPipeFramingLines);
    connect_to(server);
    scripted_peer peer(server, {hears("ask\n"), says("ans"), says("wer\r\n")});

    EXPECT_EQ(call(client, L"ask"), "answer");
}

TEST_F(ConnectionCall, AnAnswerThatIsNoJsonIsErrorFiveAndTheConnectionGoesOn)
{
    raw_server server(path);
    variant value;

    connect_to(server);
    scripted_peer peer(server, {hears("1"), says("no JSON"), hears("ask"), says("answer")});

    EXPECT_EQ(client->CallJson(variant(1), long_enough, &value), vb_error(5));
    EXPECT_EQ(call(client, L"ask"), "answer");
}

TEST_F(ConnectionCall, BesideAsyncReadIsErrorFiveEitherWay)
{
    raw_server server(path);

    connect_to(server);
    EXPECT_EQ(client->AsyncRead(variant(1)), S_OK);
    EXPECT_EQ(call(client, L"ask"), "(0x800A0005)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"AsyncRead was called on this connection"));
    server.write("asked for");
    EXPECT_EQ(manager.next(), "message asked for");
    scripted_peer peer(server, {hears("ask"), says("answer")});
    EXPECT_EQ(call(client, L"ask"), "answer");

    EXPECT_EQ(client->AsyncRead(variant(1)), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"connection of its own"));
}

TEST_F(ConnectionCall, ReadsByItselfWhereReadingIsAskedFor)
{
    raw_server server(path);

    manager->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("answer")});

    EXPECT_EQ(call(client, L"ask"), "answer");
}

TEST_F(ConnectionCall, SaysWhetherTheMessageWasTakenBackOrTheConnectionEnded)
{
    raw_server server(path);
    SAFEARRAY *bytes = nullptr;

    connect_to(server);
    EXPECT_EQ(client->AsyncWrite(variant(message_of(MIB, 1)), variant::missing()), S_OK);
    EXPECT_EQ(client->Call(variant(message_of(MIB, 2)), 30, &bytes), static_cast<HRESULT>(NamedPipeErrorTimedOut));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"taken back"));
    EXPECT_EQ(bytes, nullptr);
    EXPECT_TRUE(is_connected(client));
    EXPECT_EQ(server.read(), message_of(MIB, 1));
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(call(client, L"ask", 30), "(0x80040204)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"the connection was ended"));
    EXPECT_EQ(manager.next(), "disconnected") << "without an Error";
    EXPECT_EQ(reason_of(client), NamedPipeReasonTimedOut);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_LastError), 0);
    EXPECT_EQ(server.read_text(), "ask") << "what was taken back was never there";
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"no answer came"));
}

TEST_F(ConnectionCall, BeyondTheSendLimitIsRefused)
{
    raw_server server(path);

    manager->put_SendQueueLimit(1000);
    connect_to(server);
    EXPECT_EQ(client->AsyncWrite(variant(message_of(MIB, 1)), variant::missing()), S_OK);

    EXPECT_EQ(call(client, L"ask"), "(0x80040202)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"wait for MessageSent"));
}

TEST_F(ConnectionCall, ArgumentsThatCannotBeAreRefused)
{
    raw_server server(path);
    SAFEARRAY *bytes = reinterpret_cast<SAFEARRAY *>(1);
    bstr text;

    connect_to(server);
    EXPECT_EQ(call(client, L"ask", -2), "(0x800A0005)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"TimeoutMs is -2"));
    EXPECT_EQ(client->Call(variant::of_type(VT_NULL), long_enough, &bytes), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(bytes, nullptr);
    EXPECT_EQ(client->CallText(bstr(L"x").get(), long_enough, 77777, text.put()), vb_error(5));
    EXPECT_EQ(client->Call(variant(L"x"), long_enough, nullptr), E_POINTER);
    EXPECT_EQ(client->CallText(bstr(L"x").get(), long_enough, 65001, nullptr), E_POINTER);
    EXPECT_EQ(client->CallJson(variant(1), long_enough, nullptr), E_POINTER);
    EXPECT_EQ(server.bytes_waiting(), 0u);
}

TEST_F(ConnectionCall, ItsErrorsNameTheConnection)
{
    raw_server server(path);
    com_ptr<IErrorInfo> info;
    bstr source;

    connect_to(server);
    EXPECT_EQ(call(client, L"ask", -2), "(0x800A0005)");
    ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);
    info->GetSource(source.put());
    EXPECT_EQ(source.str(), L"NamedPipeServerLib.NamedPipeClientConnection");
}

TEST_F(ConnectionCall, EndsWithTheProgram)
{
    raw_server server(path);
    MSG message;

    connect_to(server);
    PostQuitMessage(5);
    EXPECT_EQ(call(client, L"ask"), "(0x800704C7)");
    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_QUIT, WM_QUIT, PM_REMOVE)) << "it is posted again";
    EXPECT_EQ(manager.next(), "disconnected") << "the answer would be taken for the next one's";
}

/* ---- what the consumer does while an STA waits ---- */

TEST_F(ConnectionCall, ACloseMeanwhileIsNotConnected)
{
    server_in_mode server;

    serve(server, when(NamedPipeEventClientMessageReceived, [&] { client->AsyncClose(VARIANT_FALSE); }));
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
    EXPECT_EQ(reason_of(client), NamedPipeReasonClientClosed);
    server.stop();
}

TEST_F(ConnectionCall, AGracefulCloseMeanwhileIsNotConnected)
{
    server_in_mode server;

    serve(server, when(NamedPipeEventClientMessageReceived, [&] { client->AsyncClose(VARIANT_TRUE); }));
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
    server.stop();
}

TEST_F(ConnectionCall, AStopMeanwhileIsNotConnected)
{
    server_in_mode server;

    serve(server, when(NamedPipeEventClientMessageReceived, [&] { manager->Stop(); }));
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
    server.stop();
}

TEST_F(ConnectionCall, AStopOfTheServerMeanwhileIsNotConnected)
{
    server_in_mode server;

    serve(server, when(NamedPipeEventClientMessageReceived, [&] { server.stop(); }));
    EXPECT_EQ(call(client, L"ask"), "(0x80040201)");
    EXPECT_EQ(reason_of(client), NamedPipeReasonServerClosed);
}

TEST_F(ConnectionCall, ItsLastReleaseMeanwhileIsNotConnected)
{
    server_in_mode server;
    INamedPipeClientConnection *called;

    serve(server, when(NamedPipeEventClientMessageReceived,
                       [&]
                       {
                           client.reset();
                           manager.object.reset();
                       }));
    called = client.get();
    EXPECT_EQ(call(called, L"ask"), "(0x80040201)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"connection has ended"));
    server.stop();
}

TEST_F(ConnectionCall, AnotherMeanwhileIsErrorFiveOnThisConnectionAlone)
{
    server_in_mode server;
    std::string same, other;
    client_ptr second;
    int depth = 0;

    serve(server,
          [&](const told_event &event, INamedPipeServerConnection *connection)
          {
              if (event.kind != NamedPipeEventClientMessageReceived)
                  return;
              if (!depth++)
              {
                  same = call(client, L"same");
                  EXPECT_THAT(take_error_sentence(), HasSubstr(L"A Call on this connection is under way"));
                  other = call(second, L"other");
              }
              write_text(connection, L"answer");
          });
    second = manager.connect(server.path);

    EXPECT_EQ(call(client, L"ask"), "answer");
    EXPECT_EQ(same, "(0x800A0005)");
    EXPECT_EQ(other, "answer");
    server.stop();
}

/* The pipe is opened only after the text was overwritten, by a timer of this thread. */
BSTR text_to_change;
std::function<void()> after_the_change;

void CALLBACK change_text(HWND, UINT, UINT_PTR id, DWORD)
{
    KillTimer(nullptr, id);
    memset(text_to_change, 'x', SysStringByteLen(text_to_change));
    after_the_change();
}

TEST_F(ConnectionCall, SendsTheTextThatItWasGivenWhateverBecomesOfIt)
{
    bstr text(L"given"), answer;
    std::unique_ptr<raw_server> server;
    std::unique_ptr<scripted_peer> peer;

    client = manager.connect(path, -1);
    text_to_change = text.get();
    after_the_change = [&]
    {
        server = std::make_unique<raw_server>(path);
        peer.reset(
            new scripted_peer(*server, {hears(message{'g', 0, 'i', 0, 'v', 0, 'e', 0, 'n', 0}), says("answer")}));
    };
    SetTimer(nullptr, 0, 20, change_text);

    EXPECT_EQ(client->CallText(text.get(), long_enough, 1200, answer.put()), S_OK);
    EXPECT_EQ(SysStringByteLen(answer.get()), 6u);
    peer.reset();
    after_the_change = nullptr;
}

/* ---- in the MTA, and free-threaded ---- */

class MtaConnectionCall : public testing::Test, public test_in_mta, public connection_call
{
  protected:
    client_in_mode manager;
    client_ptr client;
};

TEST_F(MtaConnectionCall, IsAnswered)
{
    raw_server server(path);

    client = manager.connect(path);
    scripted_peer peer(server, {hears("ask"), says("answer"), hears("more"), says("second")});

    EXPECT_EQ(call(client, L"ask"), "answer");
    EXPECT_EQ(call(client, L"more"), "second");
}

TEST_F(MtaConnectionCall, OneThreadAtATime)
{
    raw_server server(path);

    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    background first = in_mta([&] { EXPECT_EQ(call(client, L"first"), "answer"); });
    EXPECT_EQ(server.read_text(), "first");

    EXPECT_EQ(call(client, L"second"), "(0x800A0005)");
    server.write("answer");
    first.join();
}

TEST_F(MtaConnectionCall, ACloseAStopOrTheServersEndOnAnotherThreadIsNotConnected)
{
    for (int how = 0; how < 3; how++)
    {
        raw_server server(path);

        client = manager.connect(path);
        ASSERT_EQ(server.accept(), 0u);
        background other = in_mta(
            [&]
            {
                EXPECT_EQ(server.read_text(), "ask");
                if (how == 0)
                    client->AsyncClose(VARIANT_FALSE);
                else if (how == 1)
                    manager->Stop();
                else
                    server.close();
            });
        EXPECT_EQ(call(client, L"ask"), "(0x80040201)") << how;
        other.join();
        client.reset();
    }
}

class FreeThreadedConnectionCall : public testing::Test, public test_in_mta, public connection_call
{
  protected:
    client_in_mode manager{event_mode::free_threaded, 2};
    client_ptr client;
};

TEST_F(FreeThreadedConnectionCall, IsErrorFiveInsideAHandlerAndAnsweredElsewhere)
{
    raw_server server(path);
    std::string inside;
    std::wstring sentence;

    client = manager.connect(path);
    advise_client(client, log,
                  when(NamedPipeEventConnected,
                       [&]
                       {
                           inside = call(client, L"inside");
                           sentence = take_error_sentence();
                       }),
                  sink_nature::agile);
    ASSERT_EQ(server.accept(), 0u);
    ASSERT_TRUE(log->wait_for(NamedPipeEventConnected));
    scripted_peer peer(server, {hears("outside"), says("answer")});

    EXPECT_EQ(call(client, L"outside"), "answer");
    manager->Stop(); /* waits for the handler */
    EXPECT_EQ(inside, "(0x800A0005)");
    EXPECT_THAT(sentence, HasSubstr(L"CallText was called inside a handler of a free-threaded event"));
}

/* Four threads call, close, connect and stop at random. */
TEST_F(FreeThreadedConnectionCall, OfManyThreadsEndsWithoutATrace)
{
    server_in_mode server(event_mode::free_threaded, 2);
    auto work = [&](unsigned seed)
    {
        client_ptr mine = manager.connect(server.path, 200);

        for (unsigned i = 0; i < 40; i++)
        {
            seed = seed * 1664525u + 1013904223u;
            switch ((seed >> 24) % 8)
            {
            case 0: mine = manager.connect(server.path, 200); break;
            case 1: mine->AsyncClose((seed >> 8) % 2 ? VARIANT_TRUE : VARIANT_FALSE); break;
            case 2: manager->Stop(); break;
            case 3: call(mine, L"in a hurry", (seed >> 8) % 3); break;
            default:
            {
                std::string answer = call(mine, L"hello", 5000);
                EXPECT_TRUE(answer == "hello" || answer[0] == '(') << answer;
                break;
            }
            }
        }
    };

    server.advise(std::make_shared<event_log>(), echo(), sink_nature::agile);
    ASSERT_EQ(server.start(), S_OK);
    {
        background a = in_mta([&] { work(1); }), b = in_mta([&] { work(2); }), c = in_mta([&] { work(3); });
    }
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(server.stop(), S_OK);
}

} // namespace
