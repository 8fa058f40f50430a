/* view.h: a connection as its owner sees it, and what its events must be like, whoever hands them over: an engine
 * (watch_engine.h) or a queue (watch_queue.h). Each broken promise is a violation. */

#ifndef SIM_VIEW_H
#define SIM_VIEW_H

#include "supplies.h"

typedef struct view
{
    struct view *next;
    supplies *supplies;
    connection *connection;
    bool dialed;
    bool connected, disconnected, inside;
    bool user_is_known; /* it was asked for with the first message */
    list alive;         /* its events that were not released yet, by lane_link; of a watch alone, see watch_limits.h */
    int releasing;      /* events that are being released; the same */
    bool asks;          /* its owner calls connection_read or connection_read_on */
    bool is_stream;     /* what comes has no messages, and is not looked at here */
    DWORD asked, answered; /* calls of connection_read, and messages that came with their cookies */
    unsigned reading;      /* calls of connection_read under way */
    bool reads_cross;      /* two were: nobody knows which came first */
    bool knows_sender;
    DWORD sender, next_number; /* of the messages that come */
    DWORD accepted, told;      /* messages that connection_write took, and those that an event told of */
    DWORD taken, ended;        /* the same, as counts */
    int writing;               /* threads that are inside view_write */
    bool writes_at_once;       /* two were, so that the order is not known */
    uint64_t seen;             /* messages that came, by bits, if they come in no order */
} view;

/* Writes a message of the owner's. Returns what connection_write does. */
DWORD view_write(view *v, const void *data, DWORD size);

/* Writes messages with the numbers 0 to `count` - 1 of sender 1, each of `least` bytes or more, and fewer than `below`,
 * which is 1,000 at most. */
void view_write_messages(view *v, DWORD count, DWORD least, DWORD below);

/* Asks for one message. Returns what connection_read does. */
DWORD view_read(view *v);

const char *event_name(pipe_event_kind kind);
/* Checks that the event may begin, and notes it: CONNECTED comes first and once (but a dial that opens no pipe tells an
 * error and DISCONNECTED alone), DISCONNECTED last and once. The messages of the other end come in their order, and
 * none is missing unless `may_miss`; messages that were accepted are told of in theirs. */
void view_note(view *v, const pipe_event *event, bool may_miss);
/* The same if several threads take the events, so that they begin in no order: each comes once. */
void view_note_unordered(view *v, const pipe_event *event);

#endif
