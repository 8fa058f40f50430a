/* Send, SendText and SendJson of a client manager: one message and no answer. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"

#include <gmock/gmock.h>

#include <functional>

using testing::HasSubstr;

namespace
{
constexpr LONG UTF8 = 65001, UTF16 = 1200;
constexpr size_t MIB = 1024 * 1024;

class ClientSend : public testing::Test, public test_in_sta
{
  protected:
    std::wstring path = unique_pipe_path();
    client_in_mode manager;

    HRESULT send(const VARIANT &data, LONG timeout = 10000)
    {
        return manager->Send(bstr(name_in(path)).get(), data, timeout, bstr(L".").get());
    }

    HRESULT send_text(const wchar_t *text, LONG code_page = UTF8)
    {
        return manager->SendText(bstr(name_in(path)).get(), bstr(text).get(), 10000, bstr(L".").get(), code_page);
    }

    HRESULT send_json(const VARIANT &value)
    {
        return manager->SendJson(bstr(name_in(path)).get(), value, 10000, bstr(L".").get());
    }

    /* What a server finds that has not read until now. */
    static std::string found_by(raw_server &server)
    {
        EXPECT_EQ(server.accept(), 0u);
        std::string text = server.read_text();

        EXPECT_EQ(server.wait_until_closed(), 0u);
        return text;
    }

    /* The same for a server of its own, to which it sends. */
    std::string found_after(std::function<HRESULT()> sends, pipe_mode mode = pipe_mode::messages)
    {
        raw_server server(path, mode);

        EXPECT_EQ(sends(), S_OK);
        return found_by(server);
    }
};

TEST_F(ClientSend, ReturnsWhenThePipeHasTakenTheMessage)
{
    raw_server server(path);

    EXPECT_EQ(send(variant(message_of("news"))), S_OK);

    EXPECT_EQ(found_by(server), "news");
}

TEST_F(ClientSend, SendsTextInAnyCodePageAndValuesAsJson)
{
    EXPECT_EQ(found_after([&] { return send_text(L"\u00e4"); }), "\xC3\xA4");
    EXPECT_EQ(found_after([&] { return send_text(L"\u00e4", 1252); }), "\xE4");
    EXPECT_EQ(found_after([&] { return send_json(variant(L"\u00e4")); }), "\"\xC3\xA4\"");
}

TEST_F(ClientSend, NoBytesAreAMessage)
{
    EXPECT_EQ(found_after([&] { return send(variant()); }), "");
    EXPECT_EQ(found_after([&] { return send(variant(message())); }), "");
    EXPECT_EQ(found_after([&] { return send_text(L""); }), "");
}

TEST_F(ClientSend, FramesWhatItSends)
{
    manager->put_Framing(NamedPipeFramingLines);
    EXPECT_EQ(found_after([&] { return send_text(L"line"); }, pipe_mode::bytes), "line\n");
    EXPECT_EQ(found_after([&] { return send(variant()); }, pipe_mode::bytes), "\n");
    manager->put_Framing(NamedPipeFramingHeader);
    EXPECT_EQ(found_after([&] { return send_json(variant(17)); }, pipe_mode::bytes), "Content-Length: 2\r\n\r\n17");
}

TEST_F(ClientSend, OfLinesRefusesUtf16WithASentenceThatNamesIt)
{
    manager->put_Framing(NamedPipeFramingLines);

    EXPECT_EQ(send(variant(L"text")), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"SendText"));
    EXPECT_EQ(send_text(L"text", UTF16), vb_error(5));
}

TEST_F(ClientSend, AServerInByteModeNeedsNoFraming)
{
    raw_server server(path, pipe_mode::bytes);

    EXPECT_EQ(send_text(L"news"), S_OK);

    EXPECT_EQ(found_by(server), "news");
}

TEST_F(ClientSend, AServerThatOnlyReadsIsEnough)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    EXPECT_EQ(send_text(L"news"), S_OK);

    EXPECT_EQ(found_by(server), "news");
}

TEST_F(ClientSend, DropsAnAnswer)
{
    raw_server server(path);
    scripted_peer peer(server, {meets_its_client(), says("hello"), hears(message_of(MIB, 1)),
                                says_if_it_can(message_of("thanks")), sees_its_client_leave()});

    EXPECT_EQ(send(variant(message_of(MIB, 1))), S_OK);
}

TEST_F(ClientSend, ReachesAServerOnTheSameThread)
{
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    server_in_mode server;

    server.advise(log);
    ASSERT_EQ(server.start(), S_OK);
    path = server.path;
    EXPECT_EQ(send(variant(message_of(MIB, 1))), S_OK);
    EXPECT_EQ(send_text(L"two"), S_OK);

    ASSERT_TRUE(log->pump_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_EQ(server.stop(), S_OK);
}

TEST_F(ClientSend, FailsWithASentence)
{
    raw_server server(path);

    EXPECT_EQ(manager->SendText(bstr((name_in(path) + std::wstring(L"missing")).c_str()).get(), bstr(L"x").get(), 100,
                                bstr(L".").get(), UTF8),
              vb_error(53));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"no such pipe"));
    EXPECT_EQ(send(variant(message_of(MIB, 1)), 100), static_cast<HRESULT>(NamedPipeErrorTimedOut));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"time is up"));
    EXPECT_EQ(send(variant(L"x"), -2), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"TimeoutMs is -2"));
    EXPECT_EQ(send(variant(true)), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(send(variant::missing()), DISP_E_TYPEMISMATCH);
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"Data is no bytes"));
    EXPECT_EQ(manager->Send(bstr(L"\\x").get(), variant(L"x"), 0, bstr(L".").get()), vb_error(5));
}

TEST_F(ClientSend, SaysThatTheServerLeftBeforeItTookTheMessage)
{
    raw_server server(path);
    scripted_peer peer(server, {meets_its_client(), leaves()});

    EXPECT_EQ(send(variant(message_of(4 * MIB, 1))), static_cast<HRESULT>(NamedPipeErrorNotConnected));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"before it took the message"));
}

TEST_F(ClientSend, ToABusyPipeSaysThatAllItsInstancesAre)
{
    raw_server server(path);
    raw_client other(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(send(variant(L"x"), 100), static_cast<HRESULT>(NamedPipeErrorTimedOut));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"instances of the pipe are busy"));
}

TEST_F(ClientSend, EndsWithTheProgram)
{
    raw_server server(path);
    MSG message;

    PostQuitMessage(5);
    EXPECT_EQ(send(variant(message_of(4 * MIB, 1))), HRESULT_FROM_WIN32(ERROR_CANCELLED));
    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_QUIT, WM_QUIT, PM_REMOVE)) << "it is posted again";
}
} // namespace
