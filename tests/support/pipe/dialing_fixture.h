/* dialing_fixture.h: an engine that dials instead of listening. */

#ifndef SUPPORT_PIPE_DIALING_FIXTURE_H
#define SUPPORT_PIPE_DIALING_FIXTURE_H

#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"

class Dialing : public engine_test
{
  protected:
    Dialing()
    {
        owner.dials = true;
        settings.path = nullptr;
    }

    void start_to_dial()
    {
        ASSERT_EQ(engine_open(&settings, &owner, &e), 0u);
        ASSERT_EQ(engine_run(e), 0u);
    }

    DWORD dial(DWORD timeout = patience)
    {
        return connection_dial(e, path.c_str(), timeout, &settings.flow, &user, &c);
    }

    void TearDown() override
    {
        if (e && !owner.ended_calls())
            stop(); /* hooks may look at the connection */
        if (e)
            engine_close_handles(e);
        connection_release(c);
        c = nullptr;
        engine_test::TearDown();
    }

    void connect_to(raw_server &server)
    {
        ASSERT_TRUE(server.is_open());
        start_to_dial();
        ASSERT_FALSE(HasFatalFailure());
        ASSERT_EQ(dial(), 0u);
        ASSERT_EQ(server.accept(), 0u);
        ASSERT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    }

    int user = 0;
};

#endif
