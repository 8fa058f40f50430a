/* Exchanges in which the server does not read first, and exchanges that go one way. */

#include "support/pipe/calling_fixture.h"
#include "support/pipe/raw_client.h"
#include "support/pipe/scripted_peer.h"

#include <atomic>

/* ---- a server that writes first ---- */

/* Its pipe has no buffers: what it writes waits until its client reads, and what its client writes until it reads. */
class WritingFirst : public Calling
{
  protected:
    static raw_server without_buffers(const std::wstring &path, pipe_mode mode = pipe_mode::messages)
    {
        return raw_server(path, mode, PIPE_ACCESS_DUPLEX, 1, 0);
    }
};

TEST_F(WritingFirst, ItsFirstMessageIsTheAnswer)
{
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says("hello"), hears("ask"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "hello");
}

TEST_F(WritingFirst, ALongOneComesWhole)
{
    message m = message_of(MIB, 5);
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says(m), hears("ask"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_TRUE(answer == m);
}

TEST_F(WritingFirst, WhatFollowsTheAnswerIsReadUntilTheMessageIsTaken)
{
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says("first"), says(message_of(100000, 1)), says(""), says("last"),
                                hears("ask"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "first");
}

TEST_F(WritingFirst, AMarkBeginsTheFirstLine)
{
    framed = FRAMING_LINES;
    raw_server server = without_buffers(path, pipe_mode::bytes);
    scripted_peer peer(
        server, {meets_its_client(), says("\xEF\xBB\xBF"), hears("ask\n"), says("answer\n"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask\n"), 0u);
    EXPECT_EQ(text_of(answer), "\xEF\xBB\xBF"
                               "answer");
}

TEST_F(WritingFirst, ALineThatComesFirstIsTheAnswer)
{
    framed = FRAMING_LINES;
    raw_server server = without_buffers(path, pipe_mode::bytes);
    scripted_peer peer(server,
                       {meets_its_client(), says("hello\nmo"), says("re\n"), hears("ask\n"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask\n"), 0u);
    EXPECT_EQ(text_of(answer), "hello");
}

TEST_F(WritingFirst, AnAnswerCountsOnlyWhereTheMessageWasTaken)
{
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says("hello"), leaves()});

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(WritingFirst, AServerThatThenReadsNothingIsLeft)
{
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says("hello")});

    EXPECT_EQ(perform("ask", 100), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(server.wait_until_closed(), 0u) << "and finds nothing of what was not taken";
}

/* The clock moves with each read, so the number of reads says how much time it took. */
/* Messages of no bytes take no room in a pipe, so that each read ends at once, and they are no line. */
class WritingNothing : public WritingFirst
{
  protected:
    std::atomic<bool> stopped = false;
    raw_server server{path};
    background peer{[this]
                    {
                        EXPECT_EQ(server.accept(), 0u);
                        while (!stopped && server.write("") == 0)
                            continue;
                    }};

    void TearDown() override
    {
        stopped = true;
        peer.join();
        Calling::TearDown();
    }
};

TEST_F(WritingNothing, WithoutEndTakesNoMoreThanTheTime)
{
    framed = FRAMING_LINES;

    EXPECT_EQ(perform("ask\n", 300), DWORD(PIPE_ERROR_TIMED_OUT));
}

TEST_F(WritingNothing, WithoutEndIsNoReasonToMissThatTheWaitIsGivenUp)
{
    framed = FRAMING_LINES;
    gives_up = true;

    EXPECT_EQ(perform("ask\n"), DWORD(ERROR_CANCELLED));
}

TEST_F(WritingFirst, AServerThatNeverStopsTakesNoMoreThanTheTime)
{
    unsigned reads = 0;
    const hooks_end hooks{this};
    system.sleep = [](DWORD) {};
    system.read_file = [&](HANDLE, DWORD)
    {
        reads++;
        win32.sleep(10);
        return 0u;
    };
    framed = FRAMING_CHUNKS;
    raw_server server(path, pipe_mode::bytes);
    scripted_peer peer(server, {meets_its_client(), begins_to_say(message_of(4 * MIB, 1))});

    EXPECT_EQ(perform(message_of(4 * MIB, 2), 1000), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_LE(reads, 101u);
}

TEST_F(WritingFirst, AnAnswerThatIsTooLongFailsAtOnce)
{
    limit = 3;
    raw_server server = without_buffers(path);
    scripted_peer peer(server, {meets_its_client(), says("hello")});

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
}

TEST_F(CallingAfar, AServerWithoutBuffersMayWriteFirst)
{
    server.close();
    server = raw_server(local, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, 0);
    scripted_peer peer(server, {meets_its_client(), says("hello"), hears("ask"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "hello");
}

/* ---- one way ---- */

class OneWay : public Calling
{
  protected:
    OneWay()
    {
        is_one_way = true;
    }
};

TEST_F(OneWay, WaitsForNoAnswer)
{
    raw_server server(path);

    EXPECT_EQ(perform("news"), 0u);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "news") << "after its client has closed the pipe";
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(OneWay, MessagesOfAnySizeGoWhole)
{
    for (size_t size : {size_t(0), size_t(1), 64 * KIB, 64 * KIB + 1, 5 * MIB})
    {
        raw_server server(path);
        message m = message_of(size, 7);
        scripted_peer peer(server, {hears(m), sees_its_client_leave()});

        EXPECT_EQ(perform(m), 0u) << size;
    }
}

TEST_F(OneWay, WhatThePipeCannotHoldIsTakenWithTheReadThatTakesTheRest)
{
    message m = message_of(MIB, 3);
    raw_server server(path);
    latch begun;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD)
    {
        begun.set();
        return 0u;
    };
    auto looks = [&](raw_server &) { EXPECT_TRUE(begun.wait(patience)); };
    scripted_peer peer(server, {looks, hears(m), sees_its_client_leave()});

    EXPECT_EQ(perform(m), 0u);
}

TEST_F(OneWay, AServerInByteModeNeedsNoFraming)
{
    raw_server server(path, pipe_mode::bytes);

    EXPECT_EQ(perform("news"), 0u);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "news");
}

TEST_F(OneWay, AServerThatOnlyReadsIsEnough)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);
    scripted_peer peer(server, {hears(message_of(MIB, 3)), sees_its_client_leave()});

    EXPECT_EQ(perform(message_of(MIB, 3)), 0u);
}

TEST_F(OneWay, AServerThatOnlyWritesCanNotBeSentTo)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

    EXPECT_EQ(perform("news"), DWORD(PIPE_ERROR_READ_ONLY));
}

TEST_F(OneWay, AnAnswerIsDropped)
{
    raw_server server(path);
    scripted_peer peer(server, {meets_its_client(), says("hello"), hears(message_of(MIB, 3)),
                                says_if_it_can(message_of("answer")), sees_its_client_leave()});

    EXPECT_EQ(perform(message_of(MIB, 3)), 0u);
    EXPECT_EQ(buffers.out, 0) << "no memory is asked for it";
}

TEST_F(OneWay, AServerWithoutBuffersMayWriteFirst)
{
    for (pipe_mode mode : {pipe_mode::messages, pipe_mode::bytes})
    {
        raw_server server(path, mode, PIPE_ACCESS_DUPLEX, 1, 0);
        scripted_peer peer(server, {meets_its_client(), says("hello"), hears("news"), sees_its_client_leave()});

        EXPECT_EQ(perform("news"), 0u);
    }
}

TEST_F(OneWay, AServerThatReadsAndHangsUpHasTakenIt)
{
    for (DWORD quota : {0u, 65536u})
    {
        raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, quota);
        scripted_peer peer(server, {hears(message_of(MIB, 3)), leaves()});

        EXPECT_EQ(perform(message_of(MIB, 3)), 0u);
    }
}

TEST_F(OneWay, AServerThatHangsUpBeforeHasLeft)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, 0);
    scripted_peer peer(server, {meets_its_client(), says("hello"), leaves()});

    EXPECT_EQ(perform("news"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(OneWay, WhatIsNotTakenInTimeIsTakenBack)
{
    raw_server server(path);

    EXPECT_EQ(perform(message_of(4 * MIB, 1), 100), DWORD(PIPE_ERROR_TIMED_OUT));

    EXPECT_EQ(server.accept(), 0u);
    message m;
    EXPECT_EQ(server.read(m), DWORD(ERROR_BROKEN_PIPE)) << m.size();
}

TEST_F(OneWay, AWaitThatIsGivenUpIsACancellation)
{
    raw_server server(path);

    gives_up = true;
    EXPECT_EQ(perform(message_of(4 * MIB, 1)), DWORD(ERROR_CANCELLED));
}

TEST_F(OneWay, AMissingPipeFails)
{
    EXPECT_EQ(perform("news", 0), DWORD(ERROR_FILE_NOT_FOUND));
}

class OneWayAfar : public CallingAfar
{
  protected:
    OneWayAfar()
    {
        is_one_way = true;
    }
};

TEST_F(OneWayAfar, WaitsForNoAnswer)
{
    EXPECT_EQ(perform("news"), 0u);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "news");
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(OneWayAfar, NoTimeIsEnoughWhereNothingIsWaitedFor)
{
    EXPECT_EQ(perform("news", 0), 0u);
}

TEST_F(CallingAfar, ABusyPipeIsCalledBusy)
{
    raw_client another(local);

    EXPECT_EQ(perform("ask", 0), DWORD(PIPE_ERROR_BUSY));
}

TEST_F(OneWayAfar, DoesNotWaitForABlockedClose)
{
    system.close_handle = [this](HANDLE) { wait_to_go(); };

    EXPECT_EQ(perform("news"), 0u);
    go.set();
}

/* Else this computer collects what is written to a pipe in byte mode, and says that it was written. */
TEST_F(OneWayAfar, ItsComputerHasItWhenItIsWritten)
{
    std::atomic<DWORD> asked = 0;
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD flags)
    {
        asked = flags;
        return 0u;
    };
    scripted_peer peer(server, {hears("news"), sees_its_client_leave()});

    EXPECT_EQ(perform("news"), 0u);
    EXPECT_EQ(asked,
              DWORD(FILE_FLAG_WRITE_THROUGH | FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION));
}
