/* What many clients leave behind: nothing. */

#include "support/pipe/engine_fixture.h"

class Cycles : public engine_test
{
  protected:
    Cycles()
    {
        owner.keeps_connections = false;
        owner.on_event = [](pipe_event *event)
        {
            if (event->kind != PIPE_MESSAGE)
                return;
            payload *p = payload_create(event->buffer->data, event->bytes);
            connection_write(event->connection, p, nullptr);
            payload_release(p);
        };
    }
};

TEST_F(Cycles, AThousandClientsLeaveNothing)
{
    start();

    for (int i = 0; i < 1000; i++)
    {
        raw_client one;
        ASSERT_EQ(one.connect(path), 0u);
        ASSERT_EQ(one.write("hello"), 0u);
        ASSERT_EQ(one.read_text(), "hello");
    }

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1000));
    stop();
    EXPECT_EQ(owner.count(PIPE_CONNECTED), 1000u);
    EXPECT_EQ(system.pipes_created(), 1000 + settings.backlog);
}

TEST_F(Cycles, WhileAnEngineRunsItsClientsLeaveNoMemoryWithIt)
{
    start();
    raw_client resident;
    ASSERT_EQ(resident.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, 1));
    LONGLONG before = seams::bytes_in_use();

    for (int i = 0; i < 200; i++)
        ASSERT_EQ(raw_client().connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 200));
    ASSERT_EQ(resident.write("hello"), 0u);
    ASSERT_EQ(resident.read_text(), "hello");

    EXPECT_LT(seams::bytes_in_use() - before, 8192); /* the last ones may still be on their way out */
}

TEST_F(Cycles, ClientsThatVanishAtEveryMomentLeaveNothing)
{
    settings.threads = 4;
    start();

    {
        std::vector<background> threads;
        for (int t = 0; t < 4; t++)
            threads.emplace_back(
                [&, t]
                {
                    for (int i = 0; i < 60; i++)
                    {
                        raw_client one;
                        EXPECT_EQ(one.connect(path), 0u);
                        if ((i + t) % 3)
                            one.begin_write(message_of(i * 1000, i));
                        if ((i + t) % 4 == 0)
                            one.cancel_write();
                    }
                });
    }

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 240));
    EXPECT_EQ(owner.count(PIPE_CONNECTED), 240u);
    EXPECT_EQ(owner.count(PIPE_CONNECTION_ERROR) + owner.count(PIPE_SERVER_ERROR), 0u);
}

TEST_F(Cycles, EnginesThatComeAndGoLeaveNothing)
{
    for (int i = 0; i < 60; i++)
    {
        recording_owner its_owner;
        engine *its_engine;
        raw_client one;
        settings.path = path.c_str();
        settings.threads = 1 + i % 4;
        ASSERT_EQ(engine_open(&settings, &its_owner, &its_engine), 0u);
        ASSERT_EQ(engine_listen(its_engine), 0u);
        ASSERT_EQ(engine_run(its_engine), 0u);
        DWORD error = i % 2 ? one.connect(path) : 0;
        ASSERT_EQ(error, 0u);

        engine_begin_close(its_engine, CLOSE_AT_ONCE);
        ASSERT_EQ(WaitForSingleObject(engine_ended(its_engine), patience), WAIT_OBJECT_0);

        engine_close_handles(its_engine);
        its_owner.forget();
        engine_release(its_engine);
        ASSERT_TRUE(system.all_freed(patience));
        ASSERT_EQ(its_owner.complaints(), "");
    }
}
