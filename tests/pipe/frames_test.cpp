/* Frames on real pipes: what clients write in any pieces becomes messages, and what is sent gets its mark. */

#include "support/pipe/dialing_fixture.h"
#include "support/pipe/engine_fixture.h"

namespace
{
constexpr LONGLONG EVENT = 256; /* what an event weighs beside its buffer */
constexpr size_t KIB = 1024, MIB = 1024 * KIB;

std::string length_of(DWORD size)
{
    return {char(size), char(size >> 8), char(size >> 16), char(size >> 24)};
}
} // namespace

class Frames : public engine_test
{
  protected:
    void start_framed(framing of, DWORD limit = 0)
    {
        settings.flow.framing = of;
        settings.flow.message_limit = limit;
        start_with_client();
    }

    void send(const std::string &bytes)
    {
        ASSERT_EQ(client.write(message(bytes.begin(), bytes.end())), 0u);
    }

    void expect_text(const std::string &text, int cookie = 0)
    {
        recorded_event event = owner.next(c);

        ASSERT_EQ(event.kind, PIPE_MESSAGE);
        EXPECT_EQ(event.text(), text);
        EXPECT_EQ(event.cookie, cookie);
    }

    void expect_end(close_reason reason, DWORD error = 0)
    {
        if (error)
        {
            recorded_event event = owner.next(c);

            EXPECT_EQ(event.kind, PIPE_CONNECTION_ERROR);
            EXPECT_EQ(event.error, error);
        }
        EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
        EXPECT_EQ(connection_get_status(c).reason, reason);
        EXPECT_EQ(connection_get_status(c).last_error, error);
    }

    size_t arrived(size_t at_least)
    {
        EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, at_least));
        EXPECT_TRUE(owner.stays_quiet());
        return owner.count(PIPE_MESSAGE);
    }
};

class ManualFrames : public Frames
{
  protected:
    ManualFrames()
    {
        settings.flow.read_continuously = false;
    }
};

class FramesOfAKind : public Frames, public testing::WithParamInterface<framing>
{
  protected:
    std::string frame_of(const std::string &text) const
    {
        switch (GetParam())
        {
        case FRAMING_LINES: return text + "\n";
        case FRAMING_LENGTH: return length_of(DWORD(text.size())) + text;
        case FRAMING_HEADER: return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
        default: return text;
        }
    }
};

INSTANTIATE_TEST_SUITE_P(Framings, FramesOfAKind,
                         testing::Values(FRAMING_LINES, FRAMING_LENGTH, FRAMING_HEADER, FRAMING_CHUNKS,
                                         FRAMING_UNTIL_CLOSED),
                         testing::PrintToStringParamName());

/* ---- receiving ---- */

TEST_F(Frames, SpanMessagesOfThePipeAndShareThem)
{
    start_framed(FRAMING_LINES);

    send("one\ntw");
    send("");
    send("o\r\nthr");
    send("ee\n");

    for (const char *text : {"one", "two", "three"})
        expect_text(text);
    traffic carried = connection_traffic(c);
    EXPECT_EQ(carried.messages_received, 3);
    EXPECT_EQ(carried.bytes_received, 15);
}

TEST_P(FramesOfAKind, BecomeMessages)
{
    start_framed(GetParam());

    send(frame_of("ok"));
    if (GetParam() != FRAMING_UNTIL_CLOSED)
    {
        expect_text("ok");
        send(frame_of(""));
    }
    client.close();

    if (GetParam() == FRAMING_UNTIL_CLOSED)
        expect_text("ok");
    else if (GetParam() != FRAMING_CHUNKS)
        expect_text("");
    expect_end(CLOSE_OTHER_END);
}

TEST_F(Frames, OfAChunkedConnectionComeAsTheBufferFills)
{
    start_framed(FRAMING_CHUNKS, 10);

    ASSERT_EQ(client.write(message_of(2500, 1)), 0u);
    ASSERT_EQ(client.write(message()), 0u);
    ASSERT_EQ(client.write("x"), 0u);

    message all;
    for (size_t size : {1024, 1024, 452})
    {
        recorded_event event = owner.next(c);

        EXPECT_EQ(event.data.size(), size);
        all.insert(all.end(), event.data.begin(), event.data.end());
    }
    EXPECT_TRUE(all == message_of(2500, 1));
    expect_text("x");
}

TEST_F(Frames, AHundredInOneWriteAreAHundredMessages)
{
    std::string all;
    start_framed(FRAMING_HEADER);

    for (int i = 0; i < 100; i++)
        all += "Content-Length: " + std::to_string(i % 10) + "\r\n\r\n" + std::string(i % 10, 'x');
    send(all);

    for (int i = 0; i < 100; i++)
        expect_text(std::string(i % 10, 'x'));
}

TEST_F(Frames, OfALineThatIsLongerThanTheBufferComesWholeAndSoDoesWhatFollows)
{
    start_framed(FRAMING_LINES);
    std::string line(5 * MIB, 'x');

    send(line + "\nshort\n" + line + "\nrest");
    client.close();

    for (const std::string &text : {line, std::string("short"), line, std::string("rest")})
        EXPECT_TRUE(owner.next(c).text() == text) << text.size();
    expect_end(CLOSE_OTHER_END);
}

TEST_F(Frames, OfALineThatComesInTinyPiecesIsOneMessage)
{
    start_framed(FRAMING_LINES);

    for (int i = 0; i < 5000; i++)
        send("x");
    send("\n");

    expect_text(std::string(5000, 'x'));
}

/* 64 MiB of one line, as a peer with a small buffer writes it. */
TEST_F(Frames, MayBeLinesOf64MiB)
{
    settings.flow.buffer_size = 131072;
    start_framed(FRAMING_LINES);
    std::string piece(64 * KIB, 'x');

    for (int i = 0; i < 1024; i++)
        send(piece);
    send("\n");

    EXPECT_EQ(owner.next(c).data.size(), 64 * MIB);
}

TEST_F(Frames, UntilClosedAreOneMessage)
{
    start_framed(FRAMING_UNTIL_CLOSED);

    send("all ");
    send("of it\n");
    EXPECT_TRUE(owner.stays_quiet());
    client.close();

    expect_text("all of it\n");
    expect_end(CLOSE_OTHER_END);
}

TEST_F(Frames, UntilClosedAreNoneForNoBytes)
{
    start_framed(FRAMING_UNTIL_CLOSED);

    client.close();

    expect_end(CLOSE_OTHER_END);
}

TEST_F(Frames, OfTheLastLineNeedNoEnd)
{
    start_framed(FRAMING_LINES);

    send("one\ntwo");
    client.close();

    expect_text("one");
    expect_text("two");
    expect_end(CLOSE_OTHER_END);
}

/* ---- errors ---- */

TEST_F(Frames, WhoseEndNeverComesAreAnError)
{
    start_framed(FRAMING_LENGTH);

    send(length_of(2) + "ok" + length_of(3) + "ab");
    client.close();

    expect_text("ok");
    expect_end(CLOSE_BAD_FRAME, PIPE_ERROR_BAD_FRAME);
}

TEST_F(Frames, ThatAreNoneAreAnErrorAtOnce)
{
    start_framed(FRAMING_HEADER);

    send("Content-Length: 2\r\n\r\nokContent-Length: two\r\n");

    expect_text("ok");
    expect_end(CLOSE_BAD_FRAME, PIPE_ERROR_BAD_FRAME);
}

TEST_F(Frames, ThatAnnounceTooMuchAreTooLongAtOnce)
{
    start_framed(FRAMING_LENGTH);

    send(length_of(0xffffffff));

    expect_end(CLOSE_TOO_LONG, PIPE_ERROR_MESSAGE_TOO_LONG);
}

TEST_F(Frames, MayBeAsLongAsTheLimit)
{
    start_framed(FRAMING_LINES, 2000);

    send(std::string(2000, 'x') + "\r\n" + std::string(2001, 'y'));

    expect_text(std::string(2000, 'x'));
    expect_end(CLOSE_TOO_LONG, PIPE_ERROR_MESSAGE_TOO_LONG);
}

/* ---- bounds ---- */

TEST_F(Frames, TakeMemoryForWhatHasComeAndNotForWhatIsAnnounced)
{
    std::atomic<DWORD> largest = 0;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        largest = size > largest ? size : DWORD(largest);
        return true;
    };
    start_framed(FRAMING_LENGTH);

    send(length_of(200 * MIB) + std::string(3000, 'x'));
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_LE(largest, 2 * 3004u);
    client.close();

    expect_end(CLOSE_BAD_FRAME, PIPE_ERROR_BAD_FRAME);
}

TEST_F(Frames, AnEndlessLineIsReadUpToTheLimit)
{
    std::atomic<DWORD> largest = 0;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        largest = size > largest ? size : DWORD(largest);
        return true;
    };
    start_framed(FRAMING_LINES, 100000);

    for (int i = 0; i < 100; i++)
        if (client.write(message(5000, 'x')))
            break;

    expect_end(CLOSE_TOO_LONG, PIPE_ERROR_MESSAGE_TOO_LONG);
    EXPECT_LE(largest, 100000u + 8192);
}

/* A read of 131,072 line ends: as many events, each of which counts, so that reading pauses at the limit. */
TEST_F(Frames, OfNoBytesFillTheQueueUpToItsLimit)
{
    settings.flow.buffer_size = 131072;
    settings.flow.receive_limit = 1000 * EVENT;
    owner.hold(PIPE_MESSAGE);
    start_framed(FRAMING_LINES);

    client.begin_write(message(131072, '\n'));
    EXPECT_EQ(arrived(1000), 1000u);
    ASSERT_EQ(client.end_write(), 0u);
    owner.let_go(499);
    EXPECT_EQ(arrived(1000), 1000u) << "more than half wait";
    owner.let_go(1);
    EXPECT_EQ(arrived(1500), 1500u);
    owner.hold_nothing();

    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 131072));
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(owner.count(PIPE_MESSAGE), 131072u);
}

TEST_F(Frames, ThatAreNotWholeNeverPauseReading)
{
    settings.flow.receive_limit = 1;
    start_framed(FRAMING_LINES);

    send(std::string(100000, 'x'));
    send("\n");

    expect_text(std::string(100000, 'x'));
}

TEST_F(Frames, ThatWaitUnsplitComeThoughTheClientHasLeft)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_framed(FRAMING_LINES);

    send("a\nb\nc");
    EXPECT_EQ(arrived(1), 1u);
    client.close();
    EXPECT_TRUE(owner.stays_quiet(2500)) << "what is not split counts as lying in the pipe";
    owner.hold_nothing();

    for (const char *text : {"a", "b", "c"})
        expect_text(text);
    expect_end(CLOSE_OTHER_END);
}

TEST_F(Frames, DoNotWaitForAReadThatWasUnderWayWhenReadingPaused)
{
    start_framed(FRAMING_LINES);

    engine_pause(e, true);
    send("a\nb\n");
    EXPECT_TRUE(owner.stays_quiet());
    engine_pause(e, false);
    engine_advance(e);

    expect_text("a");
    expect_text("b");
}

TEST_F(Frames, ForWhichThereIsNoMemoryEndTheConnection)
{
    const hooks_end hooks{this};
    owner.may_allocate = [](DWORD size) { return size != 3; };
    start_framed(FRAMING_LINES);

    send("ab\nabc\nx\n");

    expect_text("ab");
    expect_end(CLOSE_FAILED, ERROR_NOT_ENOUGH_MEMORY);
}

/* ---- the end by us ---- */

TEST_P(FramesOfAKind, ThatAreNotWholeComeToNothingWhenTheOwnerCloses)
{
    for (close_manner manner : {CLOSE_AT_ONCE, CLOSE_GRACEFULLY})
    {
        raw_client another;
        if (!e)
            start_framed(GetParam());
        c = connect(another);
        ASSERT_EQ(another.write("\3"), 0u);
        if (GetParam() == FRAMING_CHUNKS)
            expect_text("\3");
        EXPECT_TRUE(owner.stays_quiet());

        connection_close(c, manner);

        expect_end(CLOSE_CONSUMER);
    }
}

TEST_P(FramesOfAKind, ThatAreNotWholeComeToNothingWhenTheEngineStops)
{
    start_framed(GetParam());
    send("\3");
    if (GetParam() == FRAMING_CHUNKS)
        expect_text("\3");
    EXPECT_TRUE(owner.stays_quiet());

    stop();

    expect_end(CLOSE_STOPPED);
}

/* ---- on request ---- */

TEST_F(ManualFrames, AreAnsweredOneByOneFromWhatWasRead)
{
    start_framed(FRAMING_LINES);
    send("a\nb\nc\n");

    for (int i = 1; i <= 3; i++)
    {
        EXPECT_TRUE(owner.stays_quiet());
        EXPECT_EQ(owner.count(PIPE_MESSAGE), size_t(i - 1));
        ASSERT_EQ(read(c, i), 0u);
        expect_text(std::string(1, char('a' + i - 1)), i);
    }
}

TEST_F(ManualFrames, AreNotHandedOverInsideTheRequest)
{
    std::atomic<DWORD> asks = 0, inside = 0;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE && GetCurrentThreadId() == asks)
            inside++;
    };
    start_framed(FRAMING_LINES);
    send("a\nb\nc\n");
    ASSERT_EQ(read(c), 0u);
    expect_text("a");

    asks = GetCurrentThreadId();
    ASSERT_EQ(read(c), 0u);
    expect_text("b");

    EXPECT_EQ(inside, 0u);
}

TEST_F(ManualFrames, ThatWereReadWaitForTheirRequestsThoughTheClientHasLeft)
{
    start_framed(FRAMING_LENGTH);
    send(length_of(1) + "a" + length_of(1) + "b" + length_of(7));
    ASSERT_EQ(read(c, 1), 0u);
    expect_text("a", 1);

    client.close();
    EXPECT_TRUE(owner.stays_quiet(2500));
    ASSERT_EQ(read(c, 2), 0u);
    expect_text("b", 2);
    EXPECT_TRUE(owner.stays_quiet(1500)) << "a part frame is judged when it is asked for";
    ASSERT_EQ(read(c, 3), 0u);

    expect_end(CLOSE_BAD_FRAME, PIPE_ERROR_BAD_FRAME);
}

TEST_F(ManualFrames, OfAClientThatLeavesWithNothingUnsplitEndAsEver)
{
    start_framed(FRAMING_LINES);
    send("a\n");
    ASSERT_EQ(read(c, 1), 0u);
    expect_text("a", 1);

    client.close();

    expect_end(CLOSE_OTHER_END);
}

/* ---- sending ---- */

TEST_P(FramesOfAKind, GoOutWithTheirMarksInOneWrite)
{
    start_framed(GetParam());
    payload *p = payload_create_frame(connection_framing(c), "ok", 2);

    ASSERT_EQ(connection_write(c, p, nullptr), 0u);

    EXPECT_EQ(client.read_text(), frame_of("ok"));
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 1));
    EXPECT_EQ(connection_traffic(c).bytes_sent, LONGLONG(payload_size(p)));
    EXPECT_EQ(engine_framing(e), GetParam());
    payload_release(p);
}

/* ---- our own end ---- */

class DialedFrames : public Dialing
{
};

class DialedFramesInMode : public Dialing, public testing::WithParamInterface<pipe_mode>
{
};

INSTANTIATE_TEST_SUITE_P(Modes, DialedFramesInMode, testing::Values(pipe_mode::bytes, pipe_mode::messages));

TEST_P(DialedFramesInMode, ComeFromAServer)
{
    raw_server server(path, GetParam());
    settings.flow.framing = FRAMING_LINES;
    connect_to(server);

    ASSERT_EQ(server.write("one\r\ntw"), 0u);
    ASSERT_EQ(server.write("o\nthree"), 0u);
    server.close();

    for (const char *text : {"one", "two", "three"})
        EXPECT_EQ(owner.next(c).text(), text);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).message_mode, GetParam() == pipe_mode::messages);
}

TEST_F(DialedFrames, AChunkedConnectionToAServerWithMessagesIsInMessageMode)
{
    raw_server server(path);
    settings.flow.framing = FRAMING_CHUNKS;
    connect_to(server);

    ASSERT_EQ(server.write(message_of(1500, 1)), 0u);

    EXPECT_EQ(owner.next(c).data.size(), 1024u);
    EXPECT_EQ(owner.next(c).data.size(), 476u);
    EXPECT_TRUE(connection_get_status(c).message_mode);
}
