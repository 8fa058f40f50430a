/* remote_fixture.h: connections to a pipe of another computer, where each question to the network may block. A pipe of
 * this computer stands for it. */

#ifndef SUPPORT_PIPE_REMOTE_FIXTURE_H
#define SUPPORT_PIPE_REMOTE_FIXTURE_H

#include "support/pipe/dialing_fixture.h"

#include <atomic>
#include <memory>

class Remote : public Dialing
{
  protected:
    Remote() : server(path)
    {
        settings.threads = 1;
        system.opens_instead = [](const WCHAR *asked)
        {
            std::wstring name = asked;

            return name.compare(0, there.size(), there) ? name : L"\\\\.\\" + name.substr(there.size());
        };
    }

    /* The same pipe as another computer's. */
    static std::wstring seen_from_afar(const std::wstring &local)
    {
        return there + local.substr(4);
    }

    DWORD dial(connection **out, DWORD timeout = patience)
    {
        return connection_dial(e, seen_from_afar(path).c_str(), timeout, &settings.flow, &user, out);
    }

    void connect()
    {
        start_to_dial();
        ASSERT_FALSE(HasFatalFailure());
        ASSERT_EQ(dial(&c), 0u);
        ASSERT_EQ(server.accept(), 0u);
        ASSERT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    }

    /* A connection to a pipe of this computer, on the same worker, goes on. */
    void expect_others_go_on()
    {
        std::wstring here = unique_pipe_path();
        raw_server neighbour(here);
        flow_settings flow = settings.flow;
        connection *other;

        flow.read_continuously = true;
        ASSERT_EQ(connection_dial(e, here.c_str(), patience, &flow, &user, &other), 0u);
        EXPECT_EQ(neighbour.accept(), 0u);
        EXPECT_EQ(owner.next(other).kind, PIPE_CONNECTED);
        EXPECT_EQ(neighbour.write(message_of(5000, 3)), 0u);
        EXPECT_EQ(owner.next(other).data.size(), 5000u);
        connection_close(other, CLOSE_AT_ONCE);
        EXPECT_EQ(owner.next(other).kind, PIPE_DISCONNECTED);
        connection_release(other);
    }

    /* Blocks, as a silent computer does. Nothing in the test may wait for it. */
    void wait_to_go()
    {
        EXPECT_TRUE(go.wait(patience)) << "it was waited for";
    }

    /* From now on each opening of a pipe blocks until `go`, and ends so. */
    void block_openings(DWORD error = 0)
    {
        system.create_file = [this, error](const WCHAR *, DWORD, DWORD)
        {
            blocked.set();
            wait_to_go();
            return error;
        };
    }

    /* From now on peeks at the connection's pipe block until `go`. */
    void block_peeks()
    {
        system.peek_named_pipe = [this, its = connection_handle(c)](HANDLE pipe)
        {
            if (pipe != its)
                return 0u;
            peek_threads++;
            blocked.set();
            wait_to_go();
            return 0u;
        };
    }

    /* From now on peeks at the connection's pipe get no answer, from `may_begin` on: a request at that pipe lasts until
     * it is cancelled. */
    void silence_peeks()
    {
        system.peek_named_pipe = [this](HANDLE pipe) -> DWORD
        {
            if (pipe != connection_handle(c))
                return 0;
            begins.set();
            may_begin.wait(patience);
            await_cancellation(pipe);
            return ERROR_OPERATION_ABORTED;
        };
    }

    void await_cancellation(HANDLE pipe)
    {
        const HANDLE ended = CreateEventW(nullptr, TRUE, FALSE, nullptr), either[] = {ended, go.handle()};
        OVERLAPPED overlapped = {};
        BYTE data;
        DWORD bytes;

        overlapped.hEvent = HANDLE(ULONG_PTR(ended) | 1); /* the port gets no packet */
        EXPECT_FALSE(ReadFile(pipe, &data, sizeof(data), nullptr, &overlapped));
        blocked.set();
        if (WaitForMultipleObjects(2, either, FALSE, patience) == WAIT_OBJECT_0)
            cancelled.set();
        CancelIoEx(pipe, &overlapped);
        GetOverlappedResult(pipe, &overlapped, &bytes, TRUE);
        CloseHandle(ended);
    }

    /* Those that have done what they were made for wait a moment for something else, then end. */
    void await_no_idle_thread()
    {
        for (DWORD waited = 0; count_threads() > threads_before + settings.threads && waited < patience; waited += 10)
            Sleep(10);
        ASSERT_EQ(count_threads(), threads_before + settings.threads);
    }

    void TearDown() override
    {
        go.set();
        Dialing::TearDown();
    }

    static inline const std::wstring there = L"\\\\elsewhere\\";
    const unsigned threads_before = count_threads();
    raw_server server;
    latch blocked, go, begins, may_begin, cancelled;
    std::atomic<unsigned> peek_threads = 0;
};

#endif
