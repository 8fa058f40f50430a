/* drain_time.h: the 30 seconds of a graceful close, and those of a shortage, that are over without waiting for them. */

#ifndef SUPPORT_PIPE_DRAIN_TIME_H
#define SUPPORT_PIPE_DRAIN_TIME_H

typedef struct connection connection;

/* How long the graceful close of `c` may still last, in ms; and makes it 0, which the next look at the pipe sees. */
unsigned long drain_time_left(connection *c);
void end_drain_time(connection *c);

/* The pause, in ms, before the next try of the message that the system refused for want of memory, 0 for none; and
 * lets so many ms of the time pass that it is tried for. */
unsigned long retry_pause(connection *c);
void pass_retry_time(connection *c, unsigned long ms);

#endif
