/* drain_time.h: a graceful close whose 30 seconds are over, without waiting for them. */

#ifndef SUPPORT_PIPE_DRAIN_TIME_H
#define SUPPORT_PIPE_DRAIN_TIME_H

typedef struct connection connection;

/* How long the graceful close of `c` may still last, in ms; and makes it 0, which the next look at the pipe sees. */
unsigned long drain_time_left(connection *c);
void end_drain_time(connection *c);

#endif
