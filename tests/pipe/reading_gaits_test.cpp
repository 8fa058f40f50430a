/* What waits for the next message of a connection, and how many reads a message takes. */

#include "support/pipe/engine_fixture.h"

extern "C" {
#include "pipe/probe.h"
}

class ReadingInGaits : public engine_test
{
  protected:
    static constexpr DWORD BUFFER_SIZE = 131072;
    std::mutex lock;
    std::vector<DWORD> reads;

    ReadingInGaits()
    {
        settings.flow.buffer_size = BUFFER_SIZE;
        settings.threads = 1;
        system.read_file = [this](HANDLE, DWORD size) -> DWORD
        {
            std::lock_guard guard(lock);
            reads.push_back(size);
            return 0;
        };
    }

    /* What was read since the last call, after these messages were sent one by one: each after the last has become an
     * event. Behind an event the next read has begun. */
    std::vector<DWORD> reads_for(const std::vector<size_t> &sizes)
    {
        for (size_t size : sizes)
        {
            EXPECT_EQ(client.write(message_of(size, 5)), 0u);
            EXPECT_TRUE(owner.next(c).data == message_of(size, 5)) << size;
        }
        std::lock_guard guard(lock);
        return std::exchange(reads, {});
    }
};

using sizes = std::vector<DWORD>;

TEST_F(ReadingInGaits, AnIdleConnectionWaitsWithAShortRead)
{
    start_with_client();

    EXPECT_EQ(reads_for({10, 20}), (sizes{READ_SHORT, READ_SHORT, READ_SHORT}));
}

TEST_F(ReadingInGaits, AfterALongMessageNothingIsHeldAndTheNextComesWhole)
{
    start_with_client();
    reads_for({5000});

    EXPECT_EQ(reads_for({6000}), (sizes{6000, 0}));
    EXPECT_EQ(reads_for({10}), (sizes{10, 0}));
}

TEST_F(ReadingInGaits, OneReadIsEnoughForEachOfManyLongMessages)
{
    start_with_client();
    reads_for({BUFFER_SIZE, BUFFER_SIZE, BUFFER_SIZE});

    EXPECT_EQ(reads_for({65536, 4096, BUFFER_SIZE}), (sizes{BUFFER_SIZE, BUFFER_SIZE, BUFFER_SIZE}));
}

TEST_F(ReadingInGaits, AMessageLongerThanTheBufferIsNeverReadInPartsAgain)
{
    start_with_client();
    reads_for({BUFFER_SIZE + 1});

    EXPECT_EQ(reads_for({BUFFER_SIZE, BUFFER_SIZE, BUFFER_SIZE, BUFFER_SIZE, 3 * BUFFER_SIZE}),
              (sizes{BUFFER_SIZE, 0, BUFFER_SIZE, 0, BUFFER_SIZE, 0, BUFFER_SIZE, 0, 3 * BUFFER_SIZE, 0}));
}

TEST_F(ReadingInGaits, AnEmptyMessageComesWhereNothingIsHeld)
{
    start_with_client();
    reads_for({5000});

    EXPECT_EQ(reads_for({0}), (sizes{0}));
    EXPECT_EQ(reads_for({0, 10}), (sizes{0, 10, 0}));
}

TEST_F(ReadingInGaits, AFailedPeekLosesNothing)
{
    start_with_client();
    reads_for({5000});
    system.peek_named_pipe = [](HANDLE) { return ERROR_NO_SYSTEM_RESOURCES; };

    EXPECT_EQ(reads_for({7000}), (sizes{BUFFER_SIZE, 0}));
}

TEST_F(ReadingInGaits, AMessageThatIsTooLongIsRefusedBeforeItIsRead)
{
    settings.flow.message_limit = 8000;
    start_with_client();
    reads_for({5000});

    ASSERT_EQ(client.begin_write(message_of(8001, 1)), 0u);

    recorded_event failed = owner.next(c);
    EXPECT_EQ(failed.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(failed.error, DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    std::lock_guard guard(lock);
    EXPECT_EQ(reads, sizes{});
}

TEST_F(ReadingInGaits, WhereTheSystemIsNotKnownReadsAreLongAfterALongMessage)
{
    probe_pretend({probe_ask().skip_on_success, EMPTY_READ_UNKNOWN});
    start_with_client();
    reads_for({5000});

    EXPECT_EQ(reads_for({6000}), (sizes{BUFFER_SIZE}));
    probe_pretend_nothing();
}

TEST_F(ReadingInGaits, AChunkThatAShortReadBeganIsOneChunk)
{
    settings.flow.framing = FRAMING_CHUNKS;
    start_with_client();

    EXPECT_EQ(reads_for({5000}), (sizes{READ_SHORT, 5000 - READ_SHORT, BUFFER_SIZE}));
}

TEST(ProbeOfEmptyReads, AsksTheSystemAndHasAnAnswer)
{
    leak_check nothing_is_left;

    EXPECT_NE(probe_ask().empty_read, EMPTY_READ_UNKNOWN);
}
