#include "support/pipe/scripted_peer.h"

#include <gtest/gtest.h>

#include <vector>

scripted_peer::scripted_peer(raw_server &server, std::initializer_list<peer_step> script)
    : thread(
          [&server, steps = std::vector<peer_step>(script)]
          {
              for (const peer_step &step : steps)
                  step(server);
          })
{
}

peer_step meets_its_client()
{
    return [](raw_server &server) { EXPECT_EQ(server.accept(), 0u); };
}

peer_step hears(const message &expected)
{
    return [expected](raw_server &server)
    {
        message m;

        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(server.read(m), 0u);
        EXPECT_TRUE(m == expected) << text_of(m).substr(0, 100);
    };
}

peer_step hears(const char *expected)
{
    return hears(message_of(expected));
}

peer_step says(const message &m)
{
    return [m](raw_server &server) { EXPECT_EQ(server.write(m), 0u); };
}

peer_step says(const char *text)
{
    return says(message_of(text));
}

peer_step says_if_it_can(const message &m)
{
    return [m](raw_server &server) { server.write(m); };
}

peer_step begins_to_say(const message &m)
{
    return [m](raw_server &server) { EXPECT_EQ(server.begin_write(m), DWORD(ERROR_IO_PENDING)); };
}

peer_step leaves()
{
    return [](raw_server &server) { server.close(); };
}

peer_step sees_its_client_leave()
{
    return [](raw_server &server) { EXPECT_EQ(server.wait_until_closed(), 0u); };
}
