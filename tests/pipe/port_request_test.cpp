/* Real requests, under every answer of the probe. */

#include "support/pipe/engine_fixture.h"
#include "support/pipe/port_fixture.h"

extern "C" {
#include "pipe/probe.h"
}

class PortRequest : public port_test, public testing::WithParamInterface<skip_behaviour>
{
  protected:
    std::wstring path = unique_pipe_path();
    HANDLE server = INVALID_HANDLE_VALUE;
    raw_client client;
    BYTE data[100] = {};

    void SetUp() override
    {
        probe_pretend({GetParam(), probe_ask().empty_read});
        run();
        server = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                  PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, nullptr);
        ASSERT_EQ(client.connect(path, 0), 0u);
        ASSERT_EQ(port_bind(p, server), 0u);
    }

    void TearDown() override
    {
        end();
        CloseHandle(server);
        probe_pretend_nothing();
    }

    DWORD read(counted_operation &op, DWORD size)
    {
        port_expect(p, &op, counted_operation::done);
        op.starting = true;
        DWORD error = ReadFile(server, data, size, nullptr, &op.overlapped) ? 0 : GetLastError();
        port_started(p, &op, error);
        op.starting = false;
        return error;
    }
};

TEST_P(PortRequest, ThatPendsIsDeliveredWithItsBytes)
{
    counted_operation op;
    ASSERT_EQ(read(op, 100), DWORD(ERROR_IO_PENDING));

    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, 0u);
    EXPECT_EQ(op.bytes, 5u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatSucceedsAtOnceIsDeliveredOnceWithItsBytes)
{
    counted_operation op;
    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_EQ(read(op, 100), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, 0u);
    EXPECT_EQ(op.bytes, 5u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatLeavesMoreDataWhenItPendedIsDeliveredWithWhatItHas)
{
    counted_operation op;
    ASSERT_EQ(read(op, 3), DWORD(ERROR_IO_PENDING));

    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_MORE_DATA));
    EXPECT_EQ(op.bytes, 3u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatIsCancelledIsDelivered)
{
    counted_operation op;
    ASSERT_EQ(read(op, 100), DWORD(ERROR_IO_PENDING));

    CancelIoEx(server, &op.overlapped);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_OPERATION_ABORTED));
}

TEST_P(PortRequest, ThatIsRefusedIsDelivered)
{
    counted_operation op;
    client.close();

    ASSERT_EQ(read(op, 100), DWORD(ERROR_BROKEN_PIPE));

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_BROKEN_PIPE));
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

static std::string answer_name(const testing::TestParamInfo<skip_behaviour> &info)
{
    return info.param == SKIP_UNKNOWN         ? "Unknown"
           : info.param == SKIP_MORE_DATA_TOO ? "MoreDataToo"
                                              : "ButMoreDataQueues";
}

INSTANTIATE_TEST_SUITE_P(Answer, PortRequest,
                         testing::Values(SKIP_UNKNOWN, SKIP_MORE_DATA_TOO, SKIP_BUT_MORE_DATA_QUEUES), answer_name);

class PortMoreData : public port_test
{
};

TEST_F(PortMoreData, ARequestThatLeavesMoreDataAtOnceIsDeliveredOnceAsThisSystemDoesIt)
{
    for (bool ask : {true, false})
    {
        if (!ask)
            probe_pretend(
                {SKIP_UNKNOWN, probe_ask().empty_read}); /* the flag is not set: a packet comes for everything */
        joined = begun = ended_workers = 0;
        ended = 0;
        all_ended.reset();
        run();
        std::wstring path = unique_pipe_path();
        HANDLE server = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                         PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, nullptr);
        raw_client client(path);
        counted_operation op;
        BYTE data[3];
        ASSERT_EQ(port_bind(p, server), 0u);
        ASSERT_EQ(client.write("hello"), 0u);

        port_expect(p, &op, counted_operation::done);
        DWORD error = ReadFile(server, data, sizeof(data), nullptr, &op.overlapped) ? 0 : GetLastError();
        port_started(p, &op, error);

        EXPECT_EQ(error, DWORD(ERROR_MORE_DATA));
        ASSERT_TRUE(op.delivered.wait(patience));
        EXPECT_EQ(op.error, DWORD(ERROR_MORE_DATA));
        EXPECT_EQ(op.bytes, 3u);
        end();
        EXPECT_EQ(op.deliveries, 1u);
        CloseHandle(server);
    }
    probe_pretend_nothing();
}
