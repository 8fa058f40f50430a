/* One message out and its answer, by I/O on the calling thread. */

#include "support/pipe/calling_fixture.h"
#include "support/pipe/scripted_peer.h"

#include <atomic>

TEST_F(Calling, AnAnswerOfTheLimitComesAndALongerOneIsRefused)
{
    for (size_t size : {100, 101, 5000})
    {
        raw_server server(path);
        background other_end(
            [&]
            {
                message m;
                server.accept();
                server.read(m);
                server.write(message_of(size, 1));
            });
        limit = 100;

        EXPECT_EQ(perform("hello"), size > 100 ? DWORD(PIPE_ERROR_MESSAGE_TOO_LONG) : 0u) << size;
    }
    EXPECT_TRUE(answer == message_of(100, 1));
}

TEST_F(Calling, GivesTheAnswer)
{
    raw_server server(path);
    scripted_peer peer(server, {hears("ask"), says("answer"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "answer");
}

TEST_F(Calling, MessagesOfAnySizeGoAndComeWhole)
{
    for (size_t size : {size_t(0), size_t(1), 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 5 * MIB})
    {
        raw_server server(path);
        message m = message_of(size, 7);
        scripted_peer peer(server, {hears(m), says(m), sees_its_client_leave()});

        EXPECT_EQ(perform(m), 0u) << size;
        EXPECT_TRUE(answer == m) << size;
    }
}

TEST_F(Calling, GivesTheFirstOfTwoMessages)
{
    raw_server server(path);
    scripted_peer peer(server,
                       {hears("ask"), says("first"), says_if_it_can(message_of("second")), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "first");
}

TEST_F(Calling, AnAnswerBeyond2GiBFails)
{
    raw_server server(path);
    scripted_peer peer(server, {hears("ask"), says_if_it_can(message_of(200 * KIB, 1))});
    size_t largest = 0;
    const hooks_end hooks{this};
    system.allocate = [&](size_t size)
    {
        largest = std::max(largest, size);
        return size <= MIB;
    };
    system.message_left = [](DWORD) { return 0x7fffffffu; }; /* beside what was read of it */

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    EXPECT_LE(largest, MIB) << "memory was asked for";
}

TEST_F(Calling, AServerInByteModeAnswersWithAChunk)
{
    framed = FRAMING_CHUNKS;
    raw_server server(path, pipe_mode::bytes);
    scripted_peer peer(server, {hears("ask"), says("chunk"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "chunk");
}

/* As on a connection: MaxMessageSize does not hold for chunks, which are no messages. */
TEST_F(Calling, AChunkIsWhatOneReadBrings)
{
    framed = FRAMING_CHUNKS;
    limit = 100;
    raw_server server(path);
    scripted_peer peer(server, {hears("ask"), says_if_it_can(message_of(70000, 3))});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(answer.size(), 65536u);
}

TEST_F(Calling, AMissingPipeFails)
{
    EXPECT_EQ(perform("ask", 100), DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(perform("ask", 0), DWORD(ERROR_FILE_NOT_FOUND));
}

TEST_F(Calling, AMissingPipeIsLookedForAgainForAMoment)
{
    std::unique_ptr<raw_server> server;
    volatile LONG looks = 0;
    latch looked;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        if (InterlockedIncrement(&looks) == 2)
            looked.set();
        return 0u;
    };
    background peer(
        [&]
        {
            EXPECT_TRUE(looked.wait(patience));
            server.reset(new raw_server(path));
            EXPECT_EQ(server->accept(), 0u);
            EXPECT_EQ(server->read_text(), "ask");
            EXPECT_EQ(server->write("late"), 0u);
        });

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "late");
}

TEST_F(Calling, TheLastPauseEndsWithTheTime)
{
    DWORD slept = 0;
    const hooks_end hooks{this};
    system.sleep = [&](DWORD ms) { slept += ms; };
    sleeps = true;

    EXPECT_EQ(perform("ask", 100), DWORD(ERROR_FILE_NOT_FOUND));

    EXPECT_EQ(slept, 100u);
}

TEST_F(Calling, ABusyPipeIsWaitedFor)
{
    raw_server server(path);
    raw_client other(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(perform("ask", 100), DWORD(PIPE_ERROR_BUSY));
    auto lets_the_other_go = [&](raw_server &)
    {
        other.close();
        server.disconnect();
    };
    scripted_peer peer(server, {lets_the_other_go, hears("ask"), says("now"), sees_its_client_leave()});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "now");
}

TEST_F(Calling, AServerThatNeverAnswersIsLeft)
{
    raw_server server(path);

    EXPECT_EQ(perform("ask", 100), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "ask");
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Calling, AServerThatReadsNothingIsLeft)
{
    raw_server server(path);

    EXPECT_EQ(perform(message_of(4 * MIB, 1), 100), DWORD(PIPE_ERROR_TIMED_OUT));
}

TEST_F(Calling, AServerThatClosesWithoutAnAnswerHasLeft)
{
    raw_server server(path);
    scripted_peer peer(server, {hears("ask"), leaves()});

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Calling, AServerThatClosesInTheMiddleOfItsAnswerHasLeft)
{
    raw_server server(path);
    latch left;
    unsigned reads = 0;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD)
    {
        if (++reads == 2)
        {
            EXPECT_TRUE(left.wait(patience)) << "or all of the answer may be read before";
        }
        return 0u;
    };
    scripted_peer peer(
        server, {hears("ask"), begins_to_say(message_of(2 * MIB, 1)), leaves(), [&](raw_server &) { left.set(); }});

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Calling, AServerOfOneDirectionCanNotBeCalled)
{
    {
        raw_server sends(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

        EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_READ_ONLY));
    }
    raw_server receives(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_WRITE_ONLY));
}

TEST_F(Calling, ARequestThatTheSystemAbortsIsAFailure)
{
    raw_server server(path);
    HANDLE pipe = nullptr;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE file, DWORD)
    {
        pipe = file;
        return 0u;
    };
    system.read_returned = [&](OVERLAPPED *overlapped, DWORD) { CancelIoEx(pipe, overlapped); };

    EXPECT_EQ(perform("ask"), DWORD(ERROR_OPERATION_ABORTED));
}

TEST_F(Calling, AWaitThatIsGivenUpIsACancellation)
{
    raw_server server(path);

    gives_up = true;
    EXPECT_EQ(perform("ask"), DWORD(ERROR_CANCELLED));
}

TEST_F(Calling, ABusyPipeThatCanNotBeWaitedForIsTriedWithPauses)
{
    std::atomic<unsigned> tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        tries++;
        return ERROR_PIPE_BUSY;
    };
    EXPECT_EQ(perform("ask", 200), DWORD(PIPE_ERROR_BUSY));

    EXPECT_LT(tries, 50u) << "without a pause there are thousands";
}

TEST_F(Calling, MakesNoThreadForAPipeOfThisComputer)
{
    system.create_thread = [] { return ERROR_NOT_ENOUGH_MEMORY; };

    EXPECT_EQ(perform("ask", 100), DWORD(ERROR_FILE_NOT_FOUND));
}

TEST_F(Calling, AWaitForAPipeCanBeGivenUp)
{
    gives_up = true;

    EXPECT_EQ(perform("ask"), DWORD(ERROR_CANCELLED)) << "for a missing one";
}

TEST_F(Calling, WhatIsNoPipeIsClosedAndRefused)
{
    unsigned opened = 0, closed = 0;

    const hooks_end hooks{this};
    system.opens_instead = [&](const WCHAR *)
    {
        opened++;
        return std::wstring(L"NUL");
    };
    system.close_handle = [&](HANDLE) { closed++; };

    EXPECT_EQ(perform("ask"), DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(opened, 1u) << "it does not become a pipe";
    EXPECT_EQ(closed, 1u);
}

TEST_F(Calling, OpensAsTheProcessOnAThreadThatImpersonates)
{
    raw_server server(path);
    DWORD asked = 0;
    HANDLE token = nullptr;
    scripted_peer peer(server, {hears("ask"), says("answer")});

    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        HANDLE now;

        asked = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &now) ? 0 : GetLastError();
        if (!asked)
            CloseHandle(now);
        return 0u;
    };

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(asked, DWORD(ERROR_NO_TOKEN));
    EXPECT_TRUE(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) << "it impersonates again";
    CloseHandle(token);
    RevertToSelf();
}

TEST_F(Calling, APipeIsClosedAgainWhereTheThreadCannotActAgainForWhomItDid)
{
    raw_server server(path);

    win32.set_thread_token = refuse_to_resume;
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    EXPECT_EQ(perform("ask"), DWORD(ERROR_ACCESS_DENIED));

    RevertToSelf();
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Calling, AnAnswerThatItsServerCancelsHalfWayIsNotGluedToTheNext)
{
    raw_server server(path);
    latch half_read, reads_on;
    unsigned peeks = 0, reads = 0;

    const hooks_end hooks{this};
    system.peek_named_pipe = [&](HANDLE)
    {
        if (!peeks++)
        {
            half_read.set();
            cancelled.wait(patience);
        }
        return 0u;
    };
    system.read_file = [&](HANDLE, DWORD)
    {
        if (++reads == 2)
            reads_on.set();
        return 0u;
    };
    auto cancels = [&](raw_server &)
    {
        EXPECT_TRUE(half_read.wait(patience));
        server.cancel_write();
        cancelled.set();
        EXPECT_TRUE(reads_on.wait(patience));
    };
    scripted_peer peer(server, {hears("ask"), begins_to_say(message_of(2 * MIB, 1)), cancels, says("whole")});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "whole");
}

TEST_F(Calling, ALongAnswerThatComesInPartsArrivesWhole)
{
    raw_server server(path);
    system.reads_at_most = [](DWORD size) { return size < 100000 ? size : 100000; }; /* as over a network */
    scripted_peer peer(server, {hears("ask"), says(message_of(MIB, 3))});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_TRUE(answer == message_of(MIB, 3));
}

TEST_F(Calling, AWaitThatEndsABitEarlyByTheClockIsNoCancellation)
{
    unsigned tries = 0;
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD) -> DWORD { return ++tries < 4 ? ERROR_PIPE_BUSY : 0; };
    raw_server server(path);
    ends_at_once = true; /* as where the clock has not moved yet */
    scripted_peer peer(server, {hears("ask"), says("answer")});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(tries, 4u);
}

TEST_F(Calling, WithoutMemoryFailsAndKeepsNothing)
{
    raw_server server(path);

    system.allocate = [](size_t) { return false; };
    EXPECT_EQ(perform("ask"), DWORD(ERROR_NOT_ENOUGH_MEMORY)) << "for the answer";
    system.allocate = nullptr;
}

/* ---- a pipe of another computer ---- */

TEST_F(CallingAfar, GivesTheAnswer)
{
    scripted_peer peer(server, {hears("ask"), says("answer")});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "answer");
}

TEST_F(CallingAfar, ALongAnswerComesWhole)
{
    message m = message_of(3 * MIB, 1);
    scripted_peer peer(server, {hears("ask"), says(m)});

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_TRUE(answer == m);
}

TEST_F(CallingAfar, NothingIsAskedOfTheNetworkOnTheCallingThread)
{
    const DWORD here = GetCurrentThreadId();
    std::atomic<unsigned> calls = 0;
    scripted_peer peer(server, {hears("ask"), says(message_of(200000, 1))});

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        EXPECT_NE(GetCurrentThreadId(), here);
        calls++;
        return 0u;
    };
    system.peek_named_pipe = [&](HANDLE)
    {
        EXPECT_NE(GetCurrentThreadId(), here);
        calls++;
        return 0u;
    };
    system.close_handle = [&](HANDLE)
    {
        EXPECT_NE(GetCurrentThreadId(), here);
        calls++;
    };
    EXPECT_EQ(perform("ask"), 0u);

    EXPECT_TRUE(system.all_closed(patience));
    EXPECT_EQ(calls, 3u);
}

TEST_F(CallingAfar, ABlockedOpeningIsLeftToItself)
{
    system.create_file = [this](const WCHAR *, DWORD, DWORD)
    {
        wait_to_go();
        return ERROR_BAD_NETPATH;
    };
    EXPECT_EQ(perform("ask", 50), DWORD(PIPE_ERROR_TIMED_OUT));
    go.set();
    EXPECT_TRUE(system.all_freed(patience));
    EXPECT_EQ(perform("ask"), DWORD(ERROR_BAD_NETPATH));
}

TEST_F(CallingAfar, IsPeekedAtByARequestOfItsOwn)
{
    scripted_peer peer(server, {hears("ask"), says_if_it_can(message_of(200000, 1))});

    system.peek_afar = [](ULONG *, OVERLAPPED *overlapped)
    {
        EXPECT_TRUE(reinterpret_cast<ULONG_PTR>(overlapped->hEvent) & 1) << "without a packet for a port";
        return ERROR_UNEXP_NET_ERR;
    };
    EXPECT_EQ(perform("ask"), DWORD(ERROR_UNEXP_NET_ERR));
}

TEST_F(CallingAfar, ABlockedPeekIsLeftToItself)
{
    scripted_peer peer(server, {hears("ask"), says_if_it_can(message_of(200000, 1))});

    system.peek_named_pipe = [this](HANDLE)
    {
        wait_to_go();
        return 0u;
    };
    EXPECT_EQ(perform("ask", 500), DWORD(PIPE_ERROR_TIMED_OUT));
    go.set();
}

TEST_F(CallingAfar, TheAnswerDoesNotWaitForABlockedClose)
{
    scripted_peer peer(server, {hears("ask"), says("answer")});

    system.close_handle = [this](HANDLE) { wait_to_go(); };
    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_EQ(text_of(answer), "answer");
    go.set();
}

TEST_F(CallingAfar, AServerThatNeverAnswersIsLeft)
{
    EXPECT_EQ(perform("ask", 100), DWORD(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "ask");
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(CallingAfar, AWaitThatIsGivenUpEndsTheOtherThreadToo)
{
    gives_up = true;
    EXPECT_EQ(perform("ask"), DWORD(ERROR_CANCELLED));
    EXPECT_TRUE(system.all_freed(patience));
}

TEST_F(CallingAfar, WithoutMemoryOrAThreadFailsAndKeepsNothing)
{
    system.create_thread = [] { return ERROR_NO_SYSTEM_RESOURCES; };
    EXPECT_EQ(perform("ask"), DWORD(ERROR_NO_SYSTEM_RESOURCES));
    system.create_thread = nullptr;
    for (int missing = 1; missing <= 4; missing++)
    {
        std::atomic<int> allocations = 0;
        const hooks_end hooks{this};

        system.allocate = [&](size_t) { return ++allocations != missing; };
        EXPECT_EQ(perform("ask", 100), DWORD(ERROR_NOT_ENOUGH_MEMORY)) << "allocation " << missing;
    }
    system.allocate = nullptr;
}

/* ---- in frames ---- */

TEST_F(Calling, AServerInByteModeNeedsAFraming)
{
    raw_server server(path, pipe_mode::bytes);
    background other_end(
        [&]
        {
            message m;
            EXPECT_EQ(server.accept(), 0u);
            EXPECT_EQ(server.read(m), DWORD(ERROR_BROKEN_PIPE)) << "nothing is sent";
        });

    EXPECT_EQ(perform("ask"), DWORD(PIPE_ERROR_NO_MESSAGES));
}

TEST_F(Calling, TheFirstFrameIsTheAnswer)
{
    for (pipe_mode mode : {pipe_mode::bytes, pipe_mode::messages})
    {
        raw_server server(path, mode);
        scripted_peer peer(server, {hears("ask\n"), says("ans"), says("wer\r\nmore\n"), sees_its_client_leave()});
        framed = FRAMING_LINES;

        EXPECT_EQ(perform("ask\n"), 0u);
        EXPECT_EQ(text_of(answer), "answer");
    }
}

TEST_F(Calling, AnAnswerInAFrameMayBeLong)
{
    std::string length = {0, 0, 16, 0}; /* a MiB */
    raw_server server(path, pipe_mode::bytes);
    background other_end(
        [&]
        {
            message m;
            server.accept();
            server.read(m);
            server.write(message(length.begin(), length.end()));
            server.write(message_of(MIB, 3));
            server.wait_until_closed();
        });
    framed = FRAMING_LENGTH;

    EXPECT_EQ(perform("ask"), 0u);
    EXPECT_TRUE(answer == message_of(MIB, 3));
}

class CallingAServerThatHangsUp : public Calling
{
  protected:
    DWORD answered_by(framing of, const char *text)
    {
        raw_server server(path, pipe_mode::bytes);
        scripted_peer peer(server, {hears("ask"), says(text), leaves()});

        framed = of;
        return perform("ask");
    }
};

TEST_F(CallingAServerThatHangsUp, GivesTheLastLineWithoutItsEnd)
{
    EXPECT_EQ(answered_by(FRAMING_LINES, "answer"), 0u);
    EXPECT_EQ(text_of(answer), "answer");
}

TEST_F(CallingAServerThatHangsUp, GivesAllOfIt)
{
    EXPECT_EQ(answered_by(FRAMING_UNTIL_CLOSED, "answer\n"), 0u);
    EXPECT_EQ(text_of(answer), "answer\n");
    EXPECT_EQ(answered_by(FRAMING_UNTIL_CLOSED, ""), 0u);
    EXPECT_EQ(text_of(answer), "");
}

TEST_F(CallingAServerThatHangsUp, FailsInTheMiddleOfAFrame)
{
    EXPECT_EQ(answered_by(FRAMING_HEADER, "Content-Length: 5\r\n\r\nab"), DWORD(PIPE_ERROR_BAD_FRAME));
    EXPECT_EQ(answered_by(FRAMING_LENGTH, "ab"), DWORD(PIPE_ERROR_BAD_FRAME));
}

TEST_F(CallingAServerThatHangsUp, FailsWithoutAnAnswer)
{
    EXPECT_EQ(answered_by(FRAMING_LINES, ""), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(answered_by(FRAMING_HEADER, ""), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Calling, AnAnswerThatIsNoFrameOrTooLongFails)
{
    limit = 3;
    for (framing of : {FRAMING_LINES, FRAMING_HEADER})
    {
        raw_server server(path, pipe_mode::bytes);
        scripted_peer peer(server, {hears("ask"), says("no header\n\n"), sees_its_client_leave()});
        framed = of;

        EXPECT_EQ(perform("ask"), DWORD(of == FRAMING_LINES ? PIPE_ERROR_MESSAGE_TOO_LONG : PIPE_ERROR_BAD_FRAME));
    }
}
