/* scripted_peer.h: the server at the other end of a pipe, which does one thing after another on a thread of its own.
 * What does not go as its script says is the test's failure. */

#ifndef SUPPORT_PIPE_SCRIPTED_PEER_H
#define SUPPORT_PIPE_SCRIPTED_PEER_H

#include "support/pipe/background.h"
#include "support/pipe/raw_server.h"

#include <functional>
#include <initializer_list>

using peer_step = std::function<void(raw_server &server)>;

/* Waited for at the latest when it goes out of scope, so it stands behind the server and all that its steps use. */
class scripted_peer
{
  public:
    scripted_peer(raw_server &server, std::initializer_list<peer_step> script);

  private:
    background thread;
};

/* A client has come. */
peer_step meets_its_client();

/* A client has come, and has written this. */
peer_step hears(const message &expected);
peer_step hears(const char *expected);

/* The pipe takes all of it, or takes it if the client is still there. */
peer_step says(const message &m);
peer_step says(const char *text);
peer_step says_if_it_can(const message &m);

/* The pipe takes the beginning of it, and the rest waits. */
peer_step begins_to_say(const message &m);

/* It closes its end, or waits until the client has closed the other one. */
peer_step leaves();
peer_step sees_its_client_leave();

#endif
