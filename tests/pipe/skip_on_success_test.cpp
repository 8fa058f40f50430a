/* Requests that complete at once, under every answer that a system may give about them. The answer that this system
 * does not give is played: the packet that it would queue is posted by the test. */

#include "support/pipe/engine_fixture.h"

extern "C" {
#include "pipe/probe.h"
}

TEST(Probe, AsksTheSystemAndHasAnAnswer)
{
    leak_check nothing_is_left;

    EXPECT_NE(probe_ask().skip_on_success, SKIP_UNKNOWN);
}

TEST(Probe, AnswersTheSameOnEveryThread)
{
    skip_behaviour expected = probe_ask().skip_on_success;
    std::atomic<int> differing = 0;

    {
        std::vector<background> threads;
        for (int i = 0; i < 8; i++)
            threads.emplace_back(
                [&] { differing += probe_skip_on_success() != expected || probe_ask().skip_on_success != expected; });
    }

    EXPECT_EQ(differing, 0);
}

TEST(Probe, PretendsForTestsAndStopsPretending)
{
    probe_pretend({SKIP_UNKNOWN, probe_ask().empty_read});
    EXPECT_EQ(probe_skip_on_success(), SKIP_UNKNOWN);
    probe_pretend_nothing();

    EXPECT_EQ(probe_skip_on_success(), probe_ask().skip_on_success);
}

class SkipOnSuccess : public engine_test, public testing::WithParamInterface<skip_behaviour>
{
  protected:
    HANDLE port = nullptr;

    SkipOnSuccess()
    {
        probe_pretend({GetParam(), probe_ask().empty_read});
        system.port_created = [&](HANDLE made) { port = made; };
        if (GetParam() == SKIP_BUT_MORE_DATA_QUEUES && probe_ask().skip_on_success == SKIP_MORE_DATA_TOO)
            system.read_returned = [&](OVERLAPPED *overlapped, DWORD error)
            {
                if (error == ERROR_MORE_DATA)
                    queue(overlapped);
            };
    }

    ~SkipOnSuccess() override
    {
        probe_pretend_nothing();
    }

    /* What such a system does. */
    void queue(OVERLAPPED *overlapped)
    {
        constexpr LONG buffer_overflow = LONG(0x80000005); /* ERROR_MORE_DATA */
        static const auto set_io_completion =
            reinterpret_cast<LONG(NTAPI *)(HANDLE, ULONG_PTR, ULONG_PTR, LONG, SIZE_T)>(
                reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtSetIoCompletion")));

        EXPECT_EQ(set_io_completion(port, 0, reinterpret_cast<ULONG_PTR>(overlapped), buffer_overflow,
                                    overlapped->InternalHigh),
                  0);
    }
};

TEST_P(SkipOnSuccess, MessagesThatWaitAlreadyArriveWholeAndInOrder)
{
    static const size_t sizes[] = {1, 2000, 0, 1024, 30000, 1025, 3, 0, 9000};
    settings.flow.read_continuously = false;
    owner.on_event = [](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE)
            connection_read(event->connection, nullptr);
    };
    start_with_client();
    for (size_t size : sizes)
        ASSERT_EQ(client.write(message_of(size, 2)), 0u);

    ASSERT_EQ(read(c), 0u); /* from a thread that is no worker */

    for (size_t size : sizes)
        ASSERT_TRUE(owner.next(c).data == message_of(size, 2)) << size;
}

TEST_P(SkipOnSuccess, MessagesThatComeLaterArriveWholeAndInOrder)
{
    start_with_client();

    for (int i = 0; i < 300; i++)
    {
        ASSERT_EQ(client.write(message_of((i * 331) % 5000, i)), 0u);
        ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, i - i % 7)); /* now it waits already, now it does not */
    }

    for (int i = 0; i < 300; i++)
        ASSERT_TRUE(owner.next(c).data == message_of((i * 331) % 5000, i)) << i;
}

TEST_P(SkipOnSuccess, WritesAreToldOnceAndInOrder)
{
    start_with_client();

    for (int i = 1; i <= 300; i++)
        ASSERT_EQ(write(c, message_of((i * 997) % 9000 + 1, i), i), 0u);

    for (int i = 1; i <= 300; i++)
        ASSERT_TRUE(client.read() == message_of((i * 997) % 9000 + 1, i)) << i;
    for (int i = 1; i <= 300; i++)
        ASSERT_EQ(owner.next(c).cookie, i);
    stop();
    EXPECT_EQ(owner.count(PIPE_SENT), 300u);
}

TEST_P(SkipOnSuccess, AClientThatAlwaysHasTheNextMessageReadyDoesNotKeepTheOthersWaiting)
{
    raw_client other;
    std::atomic<bool> enough = false;
    settings.threads = 1;
    start_with_client();
    connection *second = connect(other);
    background flood(
        [&]
        {
            while (!enough && client.write(message_of(10, 1)) == 0)
                ;
        });
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 10));

    ASSERT_EQ(other.write("me too"), 0u);

    EXPECT_EQ(owner.next(second).text(), "me too");
    enough = true;
}

TEST_P(SkipOnSuccess, AnEngineEndsWithEverythingReturned)
{
    std::vector<raw_client> clients(8);
    start();
    for (raw_client &one : clients)
    {
        connection *its = connect(one);
        one.begin_write(message_of(5000, 1));
        write(its, message_of(100000, 1), 1);
    }

    stop();

    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 8u);
}

static std::string answer_name(const testing::TestParamInfo<skip_behaviour> &info)
{
    switch (info.param)
    {
    case SKIP_MORE_DATA_TOO: return "MoreDataToo";
    case SKIP_BUT_MORE_DATA_QUEUES: return "ButMoreDataQueues";
    default: return "Unknown";
    }
}

INSTANTIATE_TEST_SUITE_P(Answer, SkipOnSuccess,
                         testing::Values(SKIP_UNKNOWN, SKIP_MORE_DATA_TOO, SKIP_BUT_MORE_DATA_QUEUES), answer_name);
