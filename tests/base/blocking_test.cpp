/* Threads for what may block. */

extern "C" {
#include "base/blocking.h"
}

#include "support/leaks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

namespace
{

constexpr DWORD patience = 10000;

/* A task that says that it runs, and ends when it may. */
struct visit
{
    blocking_task task = {};
    HANDLE begun = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    HANDLE may_end = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    HANDLE ended = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    std::atomic<DWORD> thread = 0;
    int again = 0;

    visit() = default;
    visit(const visit &) = delete;
    ~visit()
    {
        CloseHandle(begun);
        CloseHandle(may_end);
        CloseHandle(ended);
    }

    static void run(blocking_task *task)
    {
        visit *v = CONTAINER_OF(task, visit, task);

        v->thread = GetCurrentThreadId();
        SetEvent(v->begun);
        WaitForSingleObject(v->may_end, patience);
        SetEvent(v->ended);
    }

    static void run_again(blocking_task *task)
    {
        visit *v = CONTAINER_OF(task, visit, task);

        if (v->again-- && !blocking_run(task, run_again))
            return;
        SetEvent(v->ended);
    }

    DWORD start()
    {
        return blocking_run(&task, run);
    }
};

bool came(HANDLE event)
{
    return WaitForSingleObject(event, patience) == WAIT_OBJECT_0;
}

std::atomic<unsigned> threads_made;

HANDLE WINAPI count_thread(SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start, void *argument,
                           DWORD flags, DWORD *id)
{
    threads_made++;
    return CreateThread(security, stack, start, argument, flags, id);
}

HANDLE WINAPI refuse_thread(SECURITY_ATTRIBUTES *, SIZE_T, LPTHREAD_START_ROUTINE, void *, DWORD, DWORD *)
{
    SetLastError(ERROR_COMMITMENT_LIMIT);
    return nullptr;
}

class Blocking : public testing::Test
{
  protected:
    Blocking()
    {
        threads_made = 0;
        win32.create_thread = count_thread;
    }

    ~Blocking() override
    {
        win32.create_thread = CreateThread;
    }

    leak_check check; /* the threads end */
};

} // namespace

TEST_F(Blocking, ATaskRunsOnAnotherThread)
{
    visit v;

    EXPECT_EQ(v.start(), 0u);

    EXPECT_TRUE(came(v.begun));
    EXPECT_NE(v.thread, GetCurrentThreadId());
    SetEvent(v.may_end);
    EXPECT_TRUE(came(v.ended));
}

TEST_F(Blocking, NoTaskWaitsForAnother)
{
    std::vector<visit> visits(32);

    for (visit &v : visits)
        EXPECT_EQ(v.start(), 0u);

    for (visit &v : visits)
        EXPECT_TRUE(came(v.begun)) << "none has ended";
    EXPECT_EQ(threads_made, visits.size());
    for (visit &v : visits)
        SetEvent(v.may_end);
    for (visit &v : visits)
        EXPECT_TRUE(came(v.ended));
}

TEST_F(Blocking, AThreadThatHasDoneItsTaskTakesTheNext)
{
    visit first;
    std::vector<visit> more(100);

    EXPECT_EQ(first.start(), 0u);
    SetEvent(first.may_end);
    EXPECT_TRUE(came(first.ended));
    for (visit &v : more)
    {
        SetEvent(v.may_end);
        EXPECT_EQ(v.start(), 0u);
        EXPECT_TRUE(came(v.ended));
    }

    EXPECT_LT(threads_made, more.size()) << "one that is just about to wait for its next task is not counted on";
}

TEST_F(Blocking, ATaskMayBeUsedAgainWhileItRuns)
{
    visit v;

    v.again = 50;
    EXPECT_EQ(blocking_run(&v.task, visit::run_again), 0u);

    EXPECT_TRUE(came(v.ended));
}

TEST_F(Blocking, WithoutAThreadATaskIsRefused)
{
    visit v;
    win32.create_thread = refuse_thread;

    EXPECT_EQ(v.start(), DWORD{ERROR_COMMITMENT_LIMIT});

    EXPECT_EQ(v.thread, 0u);
    win32.create_thread = count_thread;
    EXPECT_EQ(v.start(), 0u) << "and may be tried again";
    SetEvent(v.may_end);
    EXPECT_TRUE(came(v.ended));
}
