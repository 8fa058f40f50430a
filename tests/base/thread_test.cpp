extern "C" {
#include "base/thread.h"
}

#include "support/leaks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace
{

struct visit
{
    HANDLE done = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    DWORD thread = 0;

    visit() = default;
    visit(const visit &) = delete;
    ~visit()
    {
        CloseHandle(done);
    }

    bool came()
    {
        return WaitForSingleObject(done, 10000) == WAIT_OBJECT_0;
    }
};

void make_visit(void *argument)
{
    visit *v = static_cast<visit *>(argument);

    v->thread = GetCurrentThreadId();
    SetEvent(v->done);
}

std::atomic<int> threads_asked_for;

HANDLE WINAPI refuse_thread(SECURITY_ATTRIBUTES *, SIZE_T, LPTHREAD_START_ROUTINE, void *, DWORD, DWORD *)
{
    threads_asked_for++;
    SetLastError(ERROR_COMMITMENT_LIMIT);
    return nullptr;
}

SIZE_T stack_asked_for;
DWORD flags_asked_for;

HANDLE WINAPI note_thread(SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start, void *argument,
                          DWORD flags, DWORD *id)
{
    stack_asked_for = stack;
    flags_asked_for = flags;
    return CreateThread(security, stack, start, argument, flags, id);
}

void *refuse_memory(size_t)
{
    return nullptr;
}

class Thread : public testing::Test
{
  protected:
    ~Thread() override
    {
        win32.create_thread = CreateThread;
    }

    leak_check check;
};

} // namespace

TEST_F(Thread, RunsWithItsArgumentOnAThreadOfItsOwn)
{
    visit v;

    EXPECT_EQ(thread_start(make_visit, &v, THREAD_STACK_SMALL), 0u);

    ASSERT_TRUE(v.came());
    EXPECT_NE(v.thread, GetCurrentThreadId());
}

TEST_F(Thread, IsOneOfManyAtOnce)
{
    std::vector<visit> visits(32);

    for (visit &v : visits)
        EXPECT_EQ(thread_start(make_visit, &v, THREAD_STACK_SMALL), 0u);

    for (visit &v : visits)
        EXPECT_TRUE(v.came());
}

TEST_F(Thread, ReservesTheStackThatItIsToHaveAndNoMore)
{
    visit v;
    win32.create_thread = note_thread;

    EXPECT_EQ(thread_start(make_visit, &v, THREAD_STACK_SMALL), 0u);

    ASSERT_TRUE(v.came());
    EXPECT_EQ(stack_asked_for, SIZE_T{THREAD_STACK_SMALL});
    EXPECT_EQ(flags_asked_for, DWORD{STACK_SIZE_PARAM_IS_A_RESERVATION}) << "else it would be committed";
}

TEST_F(Thread, ThatCannotBeCreatedLeavesNothingBehind)
{
    visit v;
    win32.create_thread = refuse_thread;

    EXPECT_EQ(thread_start(make_visit, &v, THREAD_STACK_SMALL), DWORD{ERROR_COMMITMENT_LIMIT});

    EXPECT_EQ(v.thread, 0u);
}

TEST_F(Thread, IsNotCreatedWithoutMemory)
{
    visit v;
    const auto allocate = win32.allocate;
    threads_asked_for = 0;
    win32.create_thread = refuse_thread;
    win32.allocate = refuse_memory;

    EXPECT_EQ(thread_start(make_visit, &v, THREAD_STACK_SMALL), DWORD{ERROR_NOT_ENOUGH_MEMORY});

    win32.allocate = allocate;
    EXPECT_EQ(threads_asked_for, 0);
}
