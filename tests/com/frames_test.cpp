/* Framing, as a consumer sees it: of servers, of connections of a client manager, and of calls. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{
constexpr HRESULT bad_frame = static_cast<HRESULT>(NamedPipeErrorBadFrame);
constexpr LONG UTF8 = 65001, UTF16 = 1200;

/* ---- a server ---- */

class ServerFraming : public window_server_test
{
  protected:
    void start_framed(NamedPipeFraming framing)
    {
        listen();
        EXPECT_EQ(server->put_Framing(framing), S_OK);
        start_with_client();
    }

    /* What the log has behind the arrival of the client. */
    lines told() const
    {
        lines all = log->all();

        return lines(all.begin() + 2, all.end());
    }

    LONG broadcast_text(const wchar_t *text, LONG code_page = UTF8)
    {
        LONG count = -1;

        EXPECT_EQ(server->AsyncBroadcastText(bstr(text).get(), code_page, variant::missing(), &count), S_OK);
        return count;
    }
};

TEST_F(ServerFraming, IsPipeAtFirstAndReadsWhatWasPut)
{
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_Framing), NamedPipeFramingPipe);

    EXPECT_EQ(server->put_Framing(NamedPipeFramingUntilClosed), S_OK);
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_Framing), NamedPipeFramingUntilClosed);
    EXPECT_EQ(server->put_Framing(NamedPipeFraming(77)), S_OK) << "Start judges";
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_Framing), NamedPipeFraming(77));
    EXPECT_EQ(server->get_Framing(nullptr), E_POINTER);
}

TEST_F(ServerFraming, IsJudgedByStart)
{
    for (int value : {-1, 6, INT_MAX})
    {
        server->put_Framing(NamedPipeFraming(value));

        EXPECT_EQ(server.start(), vb_error(5));
        EXPECT_THAT(take_error_sentence(), HasSubstr(L"Framing is " + std::to_wstring(value) + L"; give NamedPipe"));
    }
}

TEST_F(ServerFraming, IsReadByStart)
{
    start_framed(NamedPipeFramingLines);

    server->put_Framing(NamedPipeFramingLength);
    ASSERT_EQ(client.write("one\ntwo\n"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_EQ(write_text(c.get(), L"three"), S_OK);

    EXPECT_EQ(told(), (lines{"message 1 one", "message 1 two"}));
    EXPECT_EQ(client.read_text(), "three\n");
}

TEST_F(ServerFraming, OfLinesRefusesUtf16WithASentenceThatNamesTheTextMethods)
{
    LONG count = 0;
    start_framed(NamedPipeFramingLines);

    EXPECT_EQ(c->AsyncWrite(variant(L"text"), variant::missing()), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"AsyncWriteText"));
    EXPECT_EQ(c->AsyncWrite(variant(L""), variant::missing()), S_OK) << "nothing is sent";
    EXPECT_EQ(c->AsyncWriteText(bstr(L"text").get(), UTF16, variant::missing()), vb_error(5));
    EXPECT_EQ(server->AsyncBroadcast(variant(L"text"), variant::missing(), &count), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"AsyncBroadcastText"));
    EXPECT_EQ(server->AsyncBroadcastText(bstr(L"text").get(), UTF16, variant::missing(), &count), vb_error(5));

    EXPECT_EQ(write_bytes(c.get(), message_of("a\nb")), S_OK) << "bytes may be anything";
    EXPECT_EQ(client.read_text(), "a\nb\n") << "and no empty line before it";
}

TEST_F(ServerFraming, OfOtherKindsTakesUtf16)
{
    start_framed(NamedPipeFramingLength);

    EXPECT_EQ(c->AsyncWrite(variant(L"ab"), variant::missing()), S_OK);
    EXPECT_EQ(c->AsyncWriteText(bstr(L"ab").get(), UTF16, variant::missing()), S_OK);

    for (int i = 0; i < 2; i++)
        EXPECT_TRUE(client.read() == (message{4, 0, 0, 0, 'a', 0, 'b', 0}));
}

TEST_F(ServerFraming, EmptyTextIsAnEmptyLineAndEmptyDataIsNothing)
{
    start_framed(NamedPipeFramingLines);

    EXPECT_EQ(write_bytes(c.get(), message()), S_OK);
    EXPECT_EQ(server.broadcast(""), 0);
    EXPECT_EQ(write_text(c.get(), L"", variant(1)), S_OK);
    EXPECT_EQ(broadcast_text(L""), 1);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 2));

    EXPECT_EQ(client.read_text(), "\n");
    EXPECT_EQ(client.read_text(), "\n");
    EXPECT_EQ(client.bytes_waiting(), 0u);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_BytesSent), 2.0) << "with the marks";
}

TEST_F(ServerFraming, EmptyTextIsAMessageOfNoBytesOfThePipe)
{
    start_framed(NamedPipeFramingPipe);

    EXPECT_EQ(write_text(c.get(), L""), S_OK);
    EXPECT_EQ(broadcast_text(L""), 1);
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 3));

    EXPECT_EQ(client.read_text(), "");
    EXPECT_EQ(client.read_text(), "");
    EXPECT_EQ(client.read_text(), "end");
}

TEST_F(ServerFraming, AFrameThatIsNoneIsToldAndEndsItsConnection)
{
    start_framed(NamedPipeFramingHeader);

    ASSERT_EQ(client.write("Content-Length: 2\r\n\r\nokGET / HTTP/1.1\r\n\r\n"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(told(), (lines{"message 1 ok", "client error 1", "disconnected 1"}));
    EXPECT_THAT(log->events()[3].text, HasSubstr("Framing"));
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_DisconnectReason), NamedPipeReasonBadFrame);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_LastError), LONG(NamedPipeErrorBadFrame));
}

TEST_F(ServerFraming, SendQueueLimitCountsTheMark)
{
    constexpr size_t size = 100000; /* more than the pipe takes before it is read */
    constexpr LONG mark = 26;       /* Content-Length: 100000 and two line ends */
    server->put_SendQueueLimit(2 * (LONG(size) + mark + 256) - 1);
    start_framed(NamedPipeFramingHeader);

    EXPECT_EQ(write_bytes(c.get(), message_of(size, 1)), S_OK);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_PendingSendBytes), double(size + mark));
    EXPECT_EQ(write_bytes(c.get(), message_of(size, 1)), send_queue_full);
    EXPECT_EQ(write_bytes(c.get(), message_of(size - 1, 1)), S_OK);
}

/* ---- connections and calls of a manager ---- */

class ClientFraming : public testing::Test, public test_in_sta
{
  protected:
    std::wstring path = unique_pipe_path();
    client_in_mode manager;
    raw_server server{path, pipe_mode::bytes};

    client_ptr connect(NamedPipeFraming framing)
    {
        EXPECT_EQ(manager->put_Framing(framing), S_OK);
        client_ptr made = manager.connect(path);

        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(manager.next(), "connected");
        return made;
    }

    HRESULT call(const VARIANT &data, SAFEARRAY **answer)
    {
        return manager->Call(bstr(name_in(path)).get(), data, 10000, bstr(L".").get(), answer);
    }
};

TEST_F(ClientFraming, IsReadByConnect)
{
    client_ptr client = connect(NamedPipeFramingLines);

    manager->put_Framing(NamedPipeFramingPipe);
    ASSERT_EQ(server.write("one\r\ntw"), 0u);
    ASSERT_EQ(server.write("o\n\n"), 0u);
    EXPECT_EQ(write_text(client, L"three"), S_OK);

    EXPECT_EQ(server.read_text(), "three\n");
    std::vector<std::string> told;
    while (told.size() < 4)
        told.push_back(manager.next());
    told.erase(std::find(told.begin(), told.end(), "sent"));
    EXPECT_THAT(told, ElementsAre("message one", "message two", "message "));
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessageMode), VARIANT_FALSE);
}

TEST_F(ClientFraming, IsJudgedByConnectAndByCall)
{
    SAFEARRAY *answer = nullptr;

    for (LONG wrong : {6L, -1L, 100000000L, LONG_MAX, LONG_MIN})
    {
        std::wstring sentence = L"Framing is " + std::to_wstring(wrong);
        manager->put_Framing(NamedPipeFraming(wrong));

        EXPECT_EQ(manager.try_connect(name_in(path)), vb_error(5));
        EXPECT_THAT(take_error_sentence(), HasSubstr(sentence));
        EXPECT_EQ(call(variant(message_of("x")), &answer), vb_error(5));
        EXPECT_THAT(take_error_sentence(), HasSubstr(sentence));
    }
}

TEST_F(ClientFraming, AServerThatLeavesInTheMiddleOfAFrameIsAnError)
{
    LONG number = 0;
    client_ptr client = connect(NamedPipeFramingLength);

    ASSERT_EQ(server.write(message{3, 0, 0, 0, 'a'}), 0u);
    server.close();

    com_ptr<INamedPipeEvent> error = manager.wait_event();
    ASSERT_TRUE(error);
    error->get_Number(&number);
    EXPECT_EQ(number, LONG(NamedPipeErrorBadFrame));
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonBadFrame);
}

TEST_F(ClientFraming, OfLinesLetsACallAskAByteModeServer)
{
    manager->put_Framing(NamedPipeFramingLines);
    scripted_peer peer(server, {hears("ask\n"), says("ans"), says("wer\r\n"), sees_its_client_leave()});

    EXPECT_EQ(manager.call(path, L"ask"), "answer");
}

TEST_F(ClientFraming, WithoutOneACallOfAByteModeServerFailsBeforeAnythingIsSent)
{
    background other_end(
        [&]
        {
            message m;
            EXPECT_EQ(server.accept(), 0u);
            EXPECT_EQ(server.read(m), DWORD(ERROR_BROKEN_PIPE));
        });

    EXPECT_EQ(manager.call(path, L"ask"), "(0x80040207)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"set Framing"));
}

TEST_F(ClientFraming, UntilClosedAnAnswerOfNoBytesIsEmpty)
{
    SAFEARRAY *answer = nullptr;
    manager->put_Framing(NamedPipeFramingUntilClosed);
    scripted_peer peer(server, {hears("ask"), leaves()});

    EXPECT_EQ(call(variant(message_of("ask")), &answer), S_OK);
    EXPECT_THAT(elements_of(answer), ElementsAre());
    SafeArrayDestroy(answer);
}

TEST_F(ClientFraming, ACallFailsWhereItsServerHangsUpInTheMiddleOfAFrame)
{
    SAFEARRAY *answer = nullptr;
    manager->put_Framing(NamedPipeFramingHeader);
    scripted_peer peer(server, {hears("Content-Length: 3\r\n\r\nask"), says("Content-Length: 9\r\n\r\nan"), leaves()});

    EXPECT_EQ(call(variant(message_of("ask")), &answer), bad_frame);
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"in the middle"));
    EXPECT_EQ(answer, nullptr);
}

TEST_F(ClientFraming, OfLinesRefusesUtf16InCalls)
{
    SAFEARRAY *answer = nullptr;
    bstr text;
    manager->put_Framing(NamedPipeFramingLines);

    EXPECT_EQ(call(variant(L"text"), &answer), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"CallText"));
    EXPECT_EQ(manager->CallText(bstr(name_in(path)).get(), bstr(L"x").get(), 1000, bstr(L".").get(), UTF16, text.put()),
              vb_error(5));
}
} // namespace
