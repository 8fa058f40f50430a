/* crowd.h: clients that come at once, each on a thread of its own: write, read what comes back, leave. */

#ifndef SIM_CROWD_H
#define SIM_CROWD_H

#include "peers.h"
#include "scenario.h"

/* What needs no timer comes within this time: a worker may sleep some ms for the result of a request (port.c), and no
 * timer that would hide a lost wake-up is as short. */
#define SOON_MS 40

typedef struct crowd crowd;

typedef struct member
{
    crowd *crowd;
    DWORD number;
    int thread;
} member;

struct crowd
{
    uint32_t messages; /* of each */
    bool may_break;    /* the server may go while they are at work */
    bool reads;        /* each waits for the answer to its message before it writes the next */
    bool large;        /* some messages are long, so that the pipe takes them only while the server reads */
    bool numbered;     /* each message is long enough for a number */
    bool may_starve;   /* answers may be missing, or come in another order */
    DWORD answer_ms;   /* an answer comes within so much time, in runs without a fault; INFINITE: no matter when */
    int count, left;
    HANDLE over; /* set when all have left */
    member members[PEERS_MOST];
};

/* Prepares a crowd that reads; the fields may be set then. */
void crowd_init(crowd *c, uint32_t messages, bool may_break);
void crowd_begin(crowd *c, int count);
/* Waits for the ends of its threads. */
void crowd_end(crowd *c);

#endif
