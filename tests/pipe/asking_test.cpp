/* connection_ask: one message and its answer on a connection that stays open, to a server of anybody's. */

#include "support/pipe/dialing_fixture.h"
#include "support/pipe/scripted_peer.h"

#include <atomic>

namespace
{
constexpr size_t MIB = 1024 * 1024;

DWORD wait_for(void *, HANDLE handle, DWORD ms)
{
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : DWORD(PIPE_ERROR_TIMED_OUT);
}

DWORD wait_for_nothing(void *, HANDLE, DWORD)
{
    return ERROR_CANCELLED;
}
} // namespace

class Asking : public Dialing
{
  protected:
    std::string answer; /* of the last ask; "" if it failed */

    DWORD ask(const message &m, DWORD timeout = patience, DWORD (*wait)(void *, HANDLE, DWORD) = wait_for)
    {
        payload *p = payload_create_frame(settings.flow.framing, m.data(), DWORD(m.size()));
        buffer *b = nullptr;
        DWORD bytes = 77, error;

        if (!p)
            return ERROR_NOT_ENOUGH_MEMORY;
        error = connection_ask(c, p, timeout, wait, nullptr, &b, &bytes);
        payload_release(p);
        EXPECT_EQ(error == 0, b != nullptr);
        answer = b ? std::string(reinterpret_cast<const char *>(b->data), bytes) : "";
        if (b)
            owner.buffers->free(owner.buffers, b);
        return error;
    }

    DWORD ask(const char *text, DWORD timeout = patience)
    {
        return ask(message_of(text), timeout);
    }

    void expect_answer(const std::string &expected, const char *question = "ask")
    {
        EXPECT_EQ(ask(question), 0u);
        EXPECT_EQ(answer, expected);
    }

    void expect_end(close_reason reason)
    {
        EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED) << "and no error before it";
        EXPECT_EQ(connection_get_status(c).reason, reason);
        EXPECT_EQ(connection_get_status(c).last_error, 0u);
    }

    /* Until so many bytes have been read, whoever gets them. */
    void await_bytes(LONGLONG bytes)
    {
        for (DWORD waited = 0; connection_traffic(c).bytes_received < bytes && waited < patience; waited++)
            Sleep(1);
        ASSERT_EQ(connection_traffic(c).bytes_received, bytes);
    }

    void await_pending(LONGLONG bytes)
    {
        for (DWORD waited = 0; connection_get_status(c).pending_bytes != bytes && waited < patience; waited++)
            Sleep(1);
        ASSERT_EQ(connection_get_status(c).pending_bytes, bytes);
    }
};

class ManualAsking : public Asking
{
  protected:
    ManualAsking()
    {
        settings.flow.read_continuously = false;
    }
};

/* ---- an answer ---- */

TEST_F(Asking, IsAnsweredAgainAndAgainWithoutAnEvent)
{
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears("one"), says("1"), hears("two"), says(message_of(3 * MIB, 2))});

    expect_answer("1", "one");
    expect_answer(text_of(message_of(3 * MIB, 2)), "two");
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(owner.all_of(c).size(), 1u) << "CONNECTED alone";
    EXPECT_TRUE(connection_is_asked(c));
    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_EQ(connection_traffic(c).messages_sent, 2);
    EXPECT_EQ(connection_traffic(c).messages_received, 2);
}

TEST_F(Asking, MayBeAnsweredByAMessageOfNoBytes)
{
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears(message()), says(message())});

    EXPECT_EQ(ask(message()), 0u);
    EXPECT_EQ(answer, "");
}

TEST_F(Asking, GoesBehindWhatIsQueued)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(write(c, message_of(MIB, 1), 5), 0u);
    scripted_peer peer(server, {hears(message_of(MIB, 1)), hears("ask"), says("answer")});

    expect_answer("answer");
    EXPECT_EQ(owner.next(c).cookie, 5);
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(owner.count(PIPE_SENT), 1u) << "of the other message alone";
}

TEST_F(Asking, DropsWhatComesUnasked)
{
    raw_server server(path);

    connect_to(server);
    {
        scripted_peer peer(server, {hears("ask"), says("answer"), says("unasked"), says("too")});
        expect_answer("answer");
    }
    await_bytes(16);
    scripted_peer peer(server, {hears("ask"), says("second")});

    expect_answer("second");
    EXPECT_EQ(owner.count(PIPE_MESSAGE), 0u);
}

/* A handler that is being called keeps the events behind it in the outbox; the first ask comes meanwhile. */
TEST_F(Asking, HandsOverNoMessageThatWaitedWhenTheFirstBegan)
{
    raw_server server(path);
    blocking_point handler;
    int messages = 0;

    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE && ++messages == 1)
            handler.block();
    };
    connect_to(server);
    ASSERT_EQ(server.write("handled"), 0u);
    ASSERT_TRUE(handler.wait_until_blocked());
    ASSERT_EQ(server.write("waits"), 0u);
    await_bytes(12);
    scripted_peer peer(server, {hears("ask"), says("answer")});

    expect_answer("answer");
    handler.unblock();
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(owner.count(PIPE_MESSAGE), 1u);
}

TEST_F(Asking, MayBeAnsweredBeforeTheServerHasReadAll)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(server.write("early"), 0u);
    await_bytes(5);
    background peer(
        [&]
        {
            while (!server.bytes_waiting())
                Sleep(1);
            EXPECT_EQ(server.write("answer"), 0u);
        });

    EXPECT_EQ(ask(message_of(MIB, 3)), 0u);
    EXPECT_EQ(answer, "answer");
    EXPECT_TRUE(server.read() == message_of(MIB, 3)) << "it goes out all the same";
}

TEST_F(Asking, ReadsByItselfDuringAPauseAndBeyondTheReceiveLimit)
{
    settings.flow.receive_limit = 1;
    raw_server server(path);

    connect_to(server);
    engine_pause(e, true);
    scripted_peer peer(server, {hears("ask"), says("answer"), says("a"), says("b"), hears("ask"), says("second")});

    expect_answer("answer");
    await_bytes(8);
    expect_answer("second");
    engine_pause(e, false);
}

TEST_F(ManualAsking, ReadsByItself)
{
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("answer"), hears("ask"), says("second")});

    expect_answer("answer");
    expect_answer("second");
}

TEST_F(ManualAsking, TakesNothingForTheAnswerThatLayInThePipe)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(server.write("hello"), 0u);
    scripted_peer peer(server, {hears("ask"), says("answer")});

    expect_answer("answer");
}

TEST_F(ManualAsking, TakesNothingOfSeveralReadsForTheAnswerThatLayInThePipe)
{
    settings.flow.buffer_size = 4096;
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(server.write(message_of(10000, 1)), 0u);
    scripted_peer peer(server, {hears("ask"), says("answer")});
    expect_answer("answer");
}

/* What is not the rest of the part that lay there is another message. */
TEST_F(ManualAsking, TakesTheMessageForTheAnswerThatFollowsOneThatWasCancelled)
{
    const message both = message_of(10000, 1);
    settings.flow.buffer_size = 4096;
    system.message_left = [](DWORD left) { return left + 1; };
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(server.write(both), 0u);
    scripted_peer peer(server, {hears("ask")});

    expect_answer(text_of(message(both.begin() + 4096, both.end())));
}

TEST_F(ManualAsking, TakesNoFrameForTheAnswerThatLayInThePipe)
{
    settings.flow.framing = FRAMING_LINES;
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    ASSERT_EQ(server.write("one\ntwo\nan"), 0u);
    scripted_peer peer(server, {hears("ask\n"), says("swer\nbehind\n")});

    expect_answer("answer");
}

/* ---- refused before anything is sent ---- */

TEST_F(Asking, IsRefusedWhileReadsWait)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(read(c, 3), 0u);

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_READS_WAIT));
    EXPECT_FALSE(connection_is_asked(c));
    ASSERT_EQ(server.write("asked for"), 0u);
    EXPECT_EQ(owner.next(c).cookie, 3);
    EXPECT_EQ(server.bytes_waiting(), 0u);
}

TEST_F(Asking, KeepsReadsOutFromTheFirstOn)
{
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("answer")});
    expect_answer("answer");

    EXPECT_EQ(read(c, 3), DWORD(PIPE_ERROR_IS_ASKED));
}

TEST_F(Asking, OneAtATime)
{
    raw_server server(path);

    connect_to(server);
    background first([&] { EXPECT_EQ(ask("first"), 0u); });
    EXPECT_EQ(server.read_text(), "first");

    EXPECT_EQ(ask("second"), DWORD(PIPE_ERROR_ASKING));
    EXPECT_EQ(server.write("answer"), 0u);
    first.join();
    EXPECT_EQ(server.bytes_waiting(), 0u);
}

TEST_F(Asking, BeyondTheSendLimitIsRefused)
{
    settings.flow.send_limit = 1000;
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(write(c, message_of(MIB, 1)), 0u);

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    EXPECT_FALSE(connection_is_asked(c));
}

TEST_F(Asking, AByteModeServerWithoutFramingIsRefusedAndItsChunksComeOn)
{
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_NO_MESSAGES));
    EXPECT_FALSE(connection_is_asked(c));
    EXPECT_EQ(server.bytes_waiting(), 0u);
    ASSERT_EQ(server.write("chunk"), 0u);
    EXPECT_EQ(owner.next(c).text(), "chunk");
}

TEST_F(Asking, AByteModeServerIsFoundOutWhenThePipeOpens)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    background asks([&] { EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_NO_MESSAGES)); });
    while (!connection_is_asked(c))
        Sleep(1);

    raw_server server(path, pipe_mode::bytes);
    ASSERT_EQ(server.accept(), 0u);
    asks.join();

    EXPECT_FALSE(connection_is_asked(c));
    EXPECT_EQ(server.bytes_waiting(), 0u);
    ASSERT_EQ(server.write("chunk"), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).text(), "chunk");
}

TEST_F(Asking, AServerThatOnlyReceivesIsRefused)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    connect_to(server);

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_WRITE_ONLY));
    EXPECT_EQ(server.bytes_waiting(), 0u);
}

TEST_F(Asking, AServerThatOnlySendsIsRefused)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

    connect_to(server);

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_READ_ONLY));
    ASSERT_EQ(server.write("news"), 0u);
    EXPECT_EQ(owner.next(c).text(), "news");
}

TEST_F(Asking, WithoutMemoryChangesNothing)
{
    raw_server server(path);

    connect_to(server);
    system.allocate = [](size_t) { return false; };
    EXPECT_EQ(ask("ask"), DWORD(ERROR_NOT_ENOUGH_MEMORY));
    system.allocate = [](size_t) { return true; };

    EXPECT_FALSE(connection_is_asked(c));
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
}

TEST_F(Asking, AMessageThatTheSystemRefusesIsItsOwnFailure)
{
    raw_server server(path);

    connect_to(server);
    system.write_file = [](HANDLE, DWORD size) { return size > MIB ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    EXPECT_EQ(ask(message_of(2 * MIB, 1)), DWORD(ERROR_NO_SYSTEM_RESOURCES));
    scripted_peer peer(server, {hears("ask"), says("answer")});

    expect_answer("answer");
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(owner.all_of(c).size(), 1u) << "no CONNECTION_ERROR";
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
}

/* ---- in time, or not ---- */

TEST_F(Asking, WhoseTimeRunsOutBehindOthersIsTakenBack)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(write(c, message_of(MIB, 1)), 0u);

    EXPECT_EQ(ask("never", 30), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
    scripted_peer peer(server, {hears(message_of(MIB, 1)), hears("ask"), says("answer")});
    expect_answer("answer");
}

TEST_F(Asking, WhoseTimeRunsOutWhileItIsTriedAgainIsTakenBack)
{
    raw_server server(path);

    connect_to(server);
    system.write_file = [](HANDLE, DWORD) { return ERROR_NOT_ENOUGH_QUOTA; };
    EXPECT_EQ(ask("never", 30), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
    system.write_file = [](HANDLE, DWORD) { return 0; };
    scripted_peer peer(server, {hears("ask"), says("answer")});

    expect_answer("answer");
}

/* The other end may have read a part of the message, which nobody can take back. */
TEST_F(Asking, WhoseTimeRunsOutInItsWriteFileEndsTheConnection)
{
    raw_server server(path);

    connect_to(server);

    EXPECT_EQ(ask(message_of(MIB, 1), 30), DWORD(PIPE_ERROR_ANSWER_LATE));
    expect_end(CLOSE_TIMED_OUT);
}

TEST_F(Asking, WhoseTimeRunsOutLaterEndsTheConnection)
{
    raw_server server(path);

    connect_to(server);

    EXPECT_EQ(ask("ask", 30), DWORD(PIPE_ERROR_ANSWER_LATE));
    EXPECT_EQ(server.read_text(), "ask");
    expect_end(CLOSE_TIMED_OUT);
    EXPECT_EQ(ask("again"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Asking, ThatIsGivenUpEndsTheConnectionToo)
{
    raw_server server(path);

    connect_to(server);

    EXPECT_EQ(ask(message_of("ask"), INFINITE, wait_for_nothing), DWORD(ERROR_CANCELLED));
    expect_end(CLOSE_TIMED_OUT);
}

TEST_F(Asking, CountsTheOpeningInItsTime)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);

    EXPECT_EQ(ask("never", 30), DWORD(PIPE_ERROR_TIMED_OUT));
    raw_server server(path);
    ASSERT_EQ(server.accept(), 0u);
    scripted_peer peer(server, {hears("ask"), says("answer")});
    expect_answer("answer");
}

TEST_F(Asking, WaitsForTheOpening)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    background asks([&] { expect_answer("answer"); });
    while (!connection_is_asked(c))
        Sleep(1);

    raw_server server(path);
    scripted_peer peer(server, {hears("ask"), says("answer")});
}

TEST_F(Asking, FailsAsTheOpeningDoes)
{
    start_to_dial();
    ASSERT_EQ(dial(50), 0u);

    EXPECT_EQ(ask("ask"), DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

/* ---- the end meanwhile ---- */

class AskingAtTheEnd : public Asking
{
  protected:
    /* The server has read the message when `end` is called. */
    void expect_not_open(raw_server &server, const std::function<void()> &end)
    {
        connect_to(server);
        background asks([&] { EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_NOT_OPEN)); });

        EXPECT_EQ(server.read_text(), "ask");
        end();
    }
};

TEST_F(AskingAtTheEnd, AClose)
{
    raw_server server(path);

    expect_not_open(server, [&] { connection_close(c, CLOSE_AT_ONCE); });
    expect_end(CLOSE_CONSUMER);
}

TEST_F(AskingAtTheEnd, ACloseWhileNoWorkerHasTime)
{
    settings.threads = 1;
    raw_server server(path);
    std::atomic<bool> holds{false}, is_held{false};
    const hooks_end hooks{this};

    connect_to(server);
    owner.on_turn = [&]
    {
        for (is_held = holds.load(); holds;)
            Sleep(1);
    };
    background asks([&] { EXPECT_EQ(ask("ask", INFINITE), DWORD(PIPE_ERROR_NOT_OPEN)); });
    EXPECT_EQ(server.read_text(), "ask");
    holds = true;
    engine_kick(e);
    while (!is_held)
        Sleep(1);

    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_TRUE(asks.join(patience));
    holds = false;
    expect_end(CLOSE_CONSUMER);
}

TEST_F(AskingAtTheEnd, AGracefulClose)
{
    raw_server server(path);

    expect_not_open(server, [&] { connection_close(c, CLOSE_GRACEFULLY); });
    expect_end(CLOSE_CONSUMER);
}

TEST_F(AskingAtTheEnd, TheEndOfTheEngine)
{
    raw_server server(path);

    expect_not_open(server, [&] { engine_begin_close(e, CLOSE_AT_ONCE); });
    expect_end(CLOSE_STOPPED);
}

TEST_F(AskingAtTheEnd, TheServersLeaving)
{
    raw_server server(path);

    expect_not_open(server, [&] { server.close(); });
    expect_end(CLOSE_OTHER_END);
}

TEST_F(AskingAtTheEnd, AGracefulCloseTakesAMessageBackThatWasNotBegun)
{
    raw_server server(path);

    connect_to(server);
    ASSERT_EQ(write(c, message_of(MIB, 1)), 0u);
    background asks([&] { EXPECT_EQ(ask("never"), DWORD(PIPE_ERROR_NOT_OPEN)); });
    await_pending(LONGLONG(MIB) + 5);
    connection_close(c, CLOSE_GRACEFULLY);
    asks.join();

    message m;
    EXPECT_TRUE(server.read() == message_of(MIB, 1));
    EXPECT_EQ(server.read(m), DWORD(ERROR_BROKEN_PIPE));
}

TEST_F(AskingAtTheEnd, AnAnswerThatIsTooLong)
{
    settings.flow.message_limit = 5;
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("answer")});

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    EXPECT_EQ(owner.next(c).error, DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(AskingAtTheEnd, AnAnswerThatIsNoFrame)
{
    settings.flow.framing = FRAMING_HEADER;
    raw_server server(path);

    connect_to(server);
    scripted_peer peer(server, {hears("Content-Length: 3\r\n\r\nask"), says("wrong\r\n\r\n")});

    EXPECT_EQ(ask("ask"), DWORD(PIPE_ERROR_BAD_FRAME));
    EXPECT_EQ(owner.next(c).error, DWORD(PIPE_ERROR_BAD_FRAME));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

/* ---- answers in frames ---- */

TEST_F(Asking, ReadsOneFrame)
{
    settings.flow.framing = FRAMING_LINES;
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    scripted_peer peer(server,
                       {hears("ask\n"), says("ans"), says("wer\nnot asked for\n"), hears("ask\n"), says("2\n")});

    expect_answer("answer");
    await_bytes(21);
    expect_answer("2");
    EXPECT_TRUE(owner.stays_quiet());
}

TEST_F(Asking, UntilClosedIsAnsweredByAllThatComes)
{
    settings.flow.framing = FRAMING_UNTIL_CLOSED;
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), says("all "), says("of it"), leaves()});

    expect_answer("all of it");
    expect_end(CLOSE_OTHER_END);
}

TEST_F(Asking, UntilClosedAnAnswerOfNoBytesIsOne)
{
    settings.flow.framing = FRAMING_UNTIL_CLOSED;
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    scripted_peer peer(server, {hears("ask"), leaves()});

    expect_answer("");
    expect_end(CLOSE_OTHER_END);
}
