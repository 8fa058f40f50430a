#include "support/com/consumer_object.h"
#include "support/com/scripted_object.h"
#include "support/com/window_server.h"
#include "support/pipe/seams.h"

#include <algorithm>
#include <atomic>

extern "C" {
#include "pipe/pipe.h"
}

namespace
{

constexpr size_t MIB = 1024 * 1024;

class ServerMessages : public window_server_test
{
  protected:
    /* Both ways, whole: the client's message comes as one event and goes back as one message. */
    void expect_echoed(size_t size)
    {
        message sent = message_of(size, 7), back;
        const size_t before = log->count(NamedPipeEventClientMessageReceived);

        background writer([&] { EXPECT_EQ(client.write(sent), 0u); });
        ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, before + 1));
        ASSERT_TRUE(writer.join(patience));
        back = client.read();
        EXPECT_TRUE(back == sent) << size << " bytes";
    }
    void start_echo()
    {
        listen(echo());
        start_with_client();
    }
};

TEST_F(ServerMessages, OfOneByteArriveWholeBothWays)
{
    start_echo();

    expect_echoed(1);
}

TEST_F(ServerMessages, AroundTheBufferSizeArriveWholeBothWays)
{
    start_echo();

    expect_echoed(131071);
    expect_echoed(131072);
    expect_echoed(131073);
}

TEST_F(ServerMessages, OfAMebibyteArriveWholeBothWays)
{
    start_echo();

    expect_echoed(MIB);
}

TEST_F(ServerMessages, OfTwentyMebibytesArriveWholeBothWays)
{
    start_echo();

    expect_echoed(20 * MIB);
}

TEST_F(ServerMessages, WithoutBytesAreAnArrayThatEndsBeforeItBegins)
{
    LONG lower = 99, upper = 99, calls = 0;
    VARTYPE vt = VT_EMPTY;
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [&](bare_call &call) -> HRESULT
                     {
                         calls++;
                         SafeArrayGetLBound(call.data, 1, &lower);
                         SafeArrayGetUBound(call.data, 1, &upper);
                         SafeArrayGetVartype(call.data, &vt);
                         return S_OK;
                     }));
    start_with_client();

    ASSERT_EQ(client.write(message()), 0u);
    ASSERT_TRUE(pump_until([&] { return calls == 1; }));

    EXPECT_EQ(lower, 0);
    EXPECT_EQ(upper, -1);
    EXPECT_EQ(vt, VT_UI1);
    EXPECT_TRUE(is_connected(c)) << "never an end of stream";
}

TEST_F(ServerMessages, ComeInOrder)
{
    start_with_client();

    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write(message()), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 3));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 a", "message 1 ", "message 1 b"}));
}

TEST_F(ServerMessages, CarryTheSameConnectionInEveryEvent)
{
    std::vector<IDispatch *> seen;
    listen_bare(
        [&](bare_call &call) -> HRESULT
        {
            if (call.connection_slot)
                seen.push_back(*call.connection_slot);
            return S_OK;
        });
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    ASSERT_EQ(write_text(c.get(), L"y"), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(seen, std::vector<IDispatch *>(4, c.as<IDispatch>(IID_IDispatch).get()));
}

/* ---- no copy after ReadFile ---- */

decltype(win32.read_file) real_read_file;
std::atomic<const BYTE *> filled; /* by the last ReadFile: where it began */

BOOL WINAPI noting_read_file(HANDLE file, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    filled = static_cast<const BYTE *>(data);
    return real_read_file(file, data, size, done, overlapped);
}

class ServerBuffers : public ServerMessages
{
  protected:
    /* With the next read asked for by hand, `filled` is that of the message in hand. */
    void start_noting()
    {
        real_read_file = win32.read_file;
        win32.read_file = noting_read_file;
        server->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
        listen();
        listen_bare(/* the last sink: it gets the buffer itself */
                    when(NamedPipeEventClientMessageReceived,
                         [this](bare_call &call) -> HRESULT
                         {
                             handed_out = static_cast<const BYTE *>(call.data->pvData);
                             size = call.data->rgsabound[0].cElements;

                             return S_OK;
                         }));
        start_with_client();
        ASSERT_EQ(c->AsyncRead(variant::missing()), S_OK);
    }
    void TearDown() override
    {
        window_server_test::TearDown();
        win32.read_file = real_read_file;
    }
    const BYTE *handed_out = nullptr;
    size_t size = 0;
};

TEST_F(ServerBuffers, AreHandedOutThemselvesWhereTheMessageIsDeliveredAtOnce)
{
    start_noting();

    ASSERT_EQ(client.write("tiny"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(size, 4u);
    EXPECT_EQ(handed_out, filled.load());
}

TEST_F(ServerBuffers, AreHandedOutThemselvesWhereTheMessageFillsThem)
{
    start_noting();

    ASSERT_EQ(client.write(message_of(READ_SHORT, 1)), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(size, static_cast<size_t>(READ_SHORT));
    EXPECT_EQ(handed_out, filled.load());
}

TEST_F(ServerBuffers, AreHandedOutThemselvesWhereAnotherLongMessageCameBefore)
{
    start_noting();

    background writer(
        [&]
        {
            EXPECT_EQ(client.write(message_of(100000, 1)), 0u);
            EXPECT_EQ(client.write(message_of(131072, 2)), 0u);
        });
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    ASSERT_EQ(c->AsyncRead(variant::missing()), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));

    EXPECT_EQ(size, 131072u);
    EXPECT_EQ(handed_out, filled.load());
}

TEST_F(ServerBuffers, ThatHaveGrownAreHandedOutThemselves)
{
    start_noting();

    background writer([&] { EXPECT_EQ(client.write(message_of(MIB, 1)), 0u); });
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(size, MIB);
    EXPECT_GE(filled.load(), handed_out);
    EXPECT_LT(filled.load(), handed_out + MIB) << "the rest was read behind the first part";
}

/* ---- cookies ---- */

class ServerCookies : public ServerMessages
{
  protected:
    VARIANT cookie_of(NamedPipeEventKind kind, size_t nth = 0)
    {
        for (const told_event &event : log->events())
            if (event.kind == kind && nth-- == 0)
            {
                found.clear();
                VariantCopy(&found, const_cast<variant *>(&event.cookie));
                return found;
            }
        ADD_FAILURE() << "no such event";
        return found;
    }
    variant found;
};

TEST_F(ServerCookies, OfWritesComeBackWithClientMessageSent)
{
    start_with_client();

    ASSERT_EQ(write_text(c.get(), L"x", variant(L"mine")), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    VARIANT cookie = cookie_of(NamedPipeEventClientMessageSent);
    ASSERT_EQ(V_VT(&cookie), VT_BSTR);
    EXPECT_EQ(std::wstring(V_BSTR(&cookie)), L"mine");
}

TEST_F(ServerCookies, OfJsonAreTakenBeforeWhatIsWrittenIsCalled)
{
    auto script = std::make_shared<object_script>();
    variant mine(L"mine"), by_reference = mine.by_reference();

    script->value = [&](const VARIANT *, VARIANT *out)
    {
        mine.clear(); /* the consumer changes the variable that it passed */
        out->vt = VT_I4;
        return S_OK;
    };
    start_with_client();
    EXPECT_EQ(c->AsyncWriteJson(variant(make_scripted_object(script).get()), by_reference), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    VARIANT cookie = cookie_of(NamedPipeEventClientMessageSent);
    ASSERT_EQ(V_VT(&cookie), VT_BSTR);
    EXPECT_EQ(std::wstring(V_BSTR(&cookie)), L"mine");
}

TEST_F(ServerCookies, ThatAreMissingAreEmpty)
{
    start_with_client();

    ASSERT_EQ(write_text(c.get(), L"x"), S_OK);
    ASSERT_EQ(client.write("y"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent) && pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageSent).vt, VT_EMPTY);
    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived).vt, VT_EMPTY);
}

TEST_F(ServerCookies, ByReferenceAreCopiedInTheCall)
{
    LONG number = 5;
    variant by_reference = variant::of_type(VT_BYREF | VT_I4);
    by_reference.plVal = &number;
    start_with_client();

    ASSERT_EQ(write_text(c.get(), L"x", by_reference), S_OK);
    number = 6;
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    VARIANT cookie = cookie_of(NamedPipeEventClientMessageSent);
    EXPECT_EQ(V_VT(&cookie), VT_I4);
    EXPECT_EQ(V_I4(&cookie), 5);
}

TEST_F(ServerCookies, MayBeObjectsWhoseReferencesComeBack)
{
    auto fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> object = make_consumer_object(fate);
    IDispatch *seen = nullptr;
    listen_bare(when(NamedPipeEventClientMessageSent,
                     [&](bare_call &call) -> HRESULT
                     {
                         seen = V_DISPATCH(call.cookie_slot);
                         return S_OK;
                     }));
    start_with_client();

    ASSERT_EQ(write_text(c.get(), L"x", variant(object.get())), S_OK);
    ASSERT_TRUE(pump_until([&] { return seen != nullptr; }));
    pump();

    EXPECT_EQ(seen, object.get());
    EXPECT_EQ(fate->references, 2) << "the test's own, and that of its log";
}

TEST_F(ServerCookies, OfAsyncReadGoWithTheNextMessages)
{
    start_with_client();

    ASSERT_EQ(c->AsyncRead(variant(1)), S_OK);
    ASSERT_EQ(c->AsyncRead(variant(2)), S_OK);
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    ASSERT_EQ(client.write("c"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 3));

    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived, 0).lVal, 1);
    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived, 1).lVal, 2);
    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived, 2).vt, VT_EMPTY);
}

TEST_F(ServerCookies, WithoutContinuousReadingEachAsyncReadBringsOneMessage)
{
    server->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
    start_with_client();
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    ASSERT_EQ(client.write("c"), 0u);

    ASSERT_EQ(c->AsyncRead(variant(1)), S_OK);
    ASSERT_EQ(c->AsyncRead(variant(2)), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 a", "message 1 b"}));
    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived, 0).lVal, 1);
    EXPECT_EQ(cookie_of(NamedPipeEventClientMessageReceived, 1).lVal, 2);
}

/* ---- writing ---- */

class ServerWriting : public ServerMessages
{
  protected:
    void expect_type_mismatch(const VARIANT &data)
    {
        EXPECT_EQ(c->AsyncWrite(data, variant::missing()), DISP_E_TYPEMISMATCH);
        EXPECT_NE(take_error_sentence(), L"");
    }
};

TEST_F(ServerWriting, IsToldInOrderAndNeverInsideTheCall)
{
    std::vector<int> told;
    bool inside = false, was_inside = false;
    listen_bare(
        [&](bare_call &call) -> HRESULT
        {
            was_inside |= inside;
            if (call.event == NamedPipeEventClientMessageSent)
                told.push_back(V_I4(call.cookie_slot));
            return S_OK;
        });
    start_with_client();

    inside = true;
    for (int i = 0; i < 50; i++)
        EXPECT_EQ(write_text(c.get(), L"x", variant(i)), S_OK);
    inside = false;
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 50));

    EXPECT_FALSE(was_inside);
    for (int i = 0; i < 50; i++)
        EXPECT_EQ(told[static_cast<size_t>(i)], i);
}

TEST_F(ServerWriting, FromSeveralThreadsLosesAndMixesNothing)
{
    start_with_client();
    std::vector<background> writers;
    std::vector<std::string> got[4];

    for (int thread = 0; thread < 4; thread++)
        writers.push_back(in_mta(
            [this, thread]
            {
                for (int i = 0; i < 50; i++)
                    EXPECT_EQ(write_bytes(c.get(), message_of((std::to_string(thread) + std::to_string(i)).c_str())),
                              S_OK);
            }));
    for (int i = 0; i < 200; i++)
    {
        std::string text = client.read_text();
        got[(text[0] - '0') & 3].push_back(text.substr(1));
    }
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 200));

    for (const std::vector<std::string> &one : got)
    {
        ASSERT_EQ(one.size(), 50u);
        for (size_t i = 0; i < 50; i++)
            EXPECT_EQ(one[i], std::to_string(i)) << "each thread's messages in its order";
    }
}

TEST_F(ServerWriting, TakesBytesTextAndNumbers)
{
    SAFEARRAY *array = make_array<BYTE>(VT_UI1, {1, 2, 3}, 5);
    variant bytes = variant::of_type(VT_ARRAY | VT_UI1), by_reference = variant::of_type(VT_BYREF | VT_ARRAY | VT_UI1);
    bytes.parray = array;
    by_reference.pparray = &array;
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(bytes, variant::missing()), S_OK);
    EXPECT_EQ(c->AsyncWrite(by_reference, variant::missing()), S_OK);
    EXPECT_EQ(c->AsyncWrite(bytes.by_reference(), variant::missing()), S_OK);
    EXPECT_EQ(c->AsyncWrite(variant(L"AB"), variant::missing()), S_OK);
    EXPECT_EQ(c->AsyncWrite(variant::array_of({variant(1), variant(2), variant(255)}), variant::missing()), S_OK);

    EXPECT_EQ(client.read(), (message{1, 2, 3}));
    EXPECT_EQ(client.read(), (message{1, 2, 3}));
    EXPECT_EQ(client.read(), (message{1, 2, 3}));
    EXPECT_EQ(client.read(), (message{'A', 0, 'B', 0}));
    EXPECT_EQ(client.read(), (message{1, 2, 255}));
}

TEST_F(ServerWriting, OfWhatIsNoDataIsErrorThirteenWithASentence)
{
    start_with_client();

    expect_type_mismatch(variant::of_type(VT_NULL));
    expect_type_mismatch(variant(static_cast<IDispatch *>(nullptr)));
    expect_type_mismatch(variant::missing());
    expect_type_mismatch(variant(5));
    expect_type_mismatch(variant::array_of({variant(256)}));
    expect_type_mismatch(variant::array_of({variant(L"x")}));
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerWriting, OfNothingIsNoErrorAndNoEvent)
{
    variant uninitialised = variant::of_type(VT_ARRAY | VT_UI1);
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(variant(), variant(1)), S_OK);
    EXPECT_EQ(c->AsyncWrite(variant(L""), variant(2)), S_OK);
    EXPECT_EQ(c->AsyncWrite(variant(message()), variant(3)), S_OK);
    EXPECT_EQ(c->AsyncWrite(uninitialised, variant(4)), S_OK);
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    EXPECT_EQ(client.read_text(), "end");
    EXPECT_EQ(log->count(NamedPipeEventClientMessageSent), 1u);
}

TEST_F(ServerWriting, OfATextWithoutCharactersSendsAMessageOfNoBytes)
{
    message received;
    start_with_client();

    EXPECT_EQ(write_text(c.get(), L""), S_OK);
    EXPECT_EQ(c->AsyncWriteText(nullptr, 1200, variant()), S_OK);
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 3));

    for (int i = 0; i < 2; i++)
    {
        EXPECT_EQ(client.read(received), 0u);
        EXPECT_TRUE(received.empty());
    }
    EXPECT_EQ(client.read_text(), "end");
}

TEST_F(ServerWriting, OfABroadcastTextWithoutCharactersSendsAMessageOfNoBytes)
{
    message received(1);
    LONG count = 0;
    start_with_client();

    EXPECT_EQ(server->AsyncBroadcastText(bstr(L"").get(), 65001, variant(), &count), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    EXPECT_EQ(count, 1);
    EXPECT_EQ(client.read(received), 0u);
    EXPECT_TRUE(received.empty());
}

TEST_F(ServerWriting, OfAValueInJsonSendsOneMessageInUtf8)
{
    start_with_client();

    EXPECT_EQ(c->AsyncWriteJson(variant::array_of({variant(1), variant(L"\u20AC"), variant()}), variant(7)), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    EXPECT_EQ(client.read_text(), "[1,\"\xE2\x82\xAC\",null]");
}

TEST_F(ServerWriting, OfWhatCannotBeJsonSendsNothing)
{
    start_with_client();

    EXPECT_EQ(c->AsyncWriteJson(variant::of_type(VT_RECORD), variant()), DISP_E_TYPEMISMATCH);
    EXPECT_NE(take_error_sentence(), L"");
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));

    EXPECT_EQ(client.read_text(), "end");
    EXPECT_EQ(log->count(NamedPipeEventClientMessageSent), 1u);
}

TEST_F(ServerWriting, OfJsonBeyondTheLimitIsRefused)
{
    server->put_SendQueueLimit(1000);
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 1)), S_OK);

    EXPECT_EQ(c->AsyncWriteJson(variant(1), variant()), static_cast<HRESULT>(NamedPipeErrorSendQueueFull));
}

TEST_F(ServerWriting, OfJsonMayReleaseTheConnectionMeanwhile)
{
    auto script = std::make_shared<object_script>();

    script->value = [&](const VARIANT *, VARIANT *out)
    {
        server.stop();
        c.reset();
        out->vt = VT_I4;
        return S_OK;
    };
    start_with_client();
    INamedPipeServerConnection *connection = c.get();

    EXPECT_EQ(connection->AsyncWriteJson(variant(make_scripted_object(script).get()), variant()),
              static_cast<HRESULT>(NamedPipeErrorNotConnected));
}

TEST_F(ServerWriting, BeyondTheLimitIsRefusedAndNothingIsSent)
{
    server->put_SendQueueLimit(1000);
    start_with_client();

    EXPECT_EQ(write_bytes(c.get(), message_of(MIB, 1)), S_OK) << "one message is always accepted";
    EXPECT_EQ(write_text(c.get(), L"x"), send_queue_full);
    EXPECT_EQ(take_error_sentence(),
              L"What waits to be sent has reached SendQueueLimit; wait for ClientMessageSent, or raise the limit.");
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_PendingSendBytes), static_cast<double>(MIB));
    EXPECT_EQ(client.read().size(), MIB);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));
    EXPECT_EQ(write_text(c.get(), L"y"), S_OK) << "there is room again";

    EXPECT_EQ(client.read_text(), "y");
}

TEST_F(ServerWriting, InAnEchoHandlerWhoseClientWasQuickIsNoError)
{
    HRESULT written = E_FAIL, read = E_FAIL;
    listen(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind != NamedPipeEventClientMessageReceived)
                return;
            EXPECT_EQ(value_of(connection, &INamedPipeServerConnection::get_IsConnected), VARIANT_FALSE);
            written = write_text(connection, L"too late");
            read = connection->AsyncRead(variant::missing());
        });
    start_with_client();
    ASSERT_EQ(client.write("hello"), 0u);
    client.close();
    while (is_connected(c)) /* without pumping: the message waits */
        SwitchToThread();

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(written, S_OK);
    EXPECT_EQ(read, S_OK);
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 hello", "disconnected 1"}));
}

TEST_F(ServerWriting, IsNotConnectedOnceClientDisconnectedHasBegun)
{
    HRESULT written = S_OK, text = S_OK, read = S_OK;
    listen(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind != NamedPipeEventClientDisconnected)
                return;
            written = write_bytes(connection, message_of("x"));
            text = write_text(connection, L"x");
            read = connection->AsyncRead(variant::missing());
        });
    start_with_client();

    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(written, not_connected);
    EXPECT_EQ(text, not_connected);
    EXPECT_EQ(read, not_connected);
    EXPECT_EQ(write_text(c.get(), L"x"), not_connected);
    EXPECT_NE(take_error_sentence(), L"");
}

TEST_F(ServerWriting, ABroadcastReachesAllAndIsToldOnceForEach)
{
    raw_client second;
    start_with_client();
    connect(second);

    EXPECT_EQ(server.broadcast("all", variant(9)), 2);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 2));

    EXPECT_EQ(client.read_text(), "all");
    EXPECT_EQ(second.read_text(), "all");
}

TEST_F(ServerWriting, ABroadcastOfNothingOrWhenStoppedReachesNobody)
{
    start_with_client();

    EXPECT_EQ(server.broadcast(""), 0);
    server.stop();
    EXPECT_EQ(server.broadcast("x"), 0);
}

TEST_F(ServerWriting, ABroadcastLeavesOutWhoHasNoRoomAndTellsIt)
{
    raw_client second;
    server->put_SendQueueLimit(1000);
    start_with_client();
    connect(second);
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 1)), S_OK);

    EXPECT_EQ(server.broadcast("x"), 1);
    ASSERT_TRUE(pump_for(NamedPipeEventClientError));

    EXPECT_EQ(second.read_text(), "x");
    const lines all = log->all();
    EXPECT_EQ(std::count(all.begin(), all.end(), "client error 1"), 1);
}

TEST_F(ServerWriting, ABroadcastPassesOverInSilenceWhoIsBeingClosed)
{
    raw_client second;
    start_with_client();
    connect(second);
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 1)), S_OK);
    ASSERT_EQ(c->AsyncClose(VARIANT_TRUE), S_OK);
    ASSERT_TRUE(server.connection(1)) << "it still sends, and Connections shows it";

    EXPECT_EQ(server.broadcast("x"), 1);

    EXPECT_EQ(second.read_text(), "x");
    EXPECT_EQ(client.read().size(), MIB);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_EQ(log->count(NamedPipeEventClientError), 0u);
}

} // namespace
