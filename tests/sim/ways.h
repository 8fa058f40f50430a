/* ways.h: how the system behaves where systems differ. The seed draws each flag for a run, and the product must be
 * right with all of them. Where the behaviour is seen is said beside each. */

#ifndef SIM_WAYS_H
#define SIM_WAYS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum fill_way
{
    FILL_BEFORE_PACKET, /* Windows: the result is set, then the packet is queued */
    FILL_AT_TAKING,     /* Windows, by Wine's tests, where no event is given; here with an event, too */
    FILL_AFTER_PACKET   /* Wine's new WoW64 */
} fill_way;

/* A read that ends at once with more data, of a file that skips packets of successes. */
typedef enum more_data_way
{
    MORE_DATA_SKIPS,  /* Windows 7, by Wine's tests; Wine: no packet */
    MORE_DATA_QUEUES, /* guess: a packet, since it is no success */
    MORE_DATA_PENDS   /* Windows 8 and later, by Wine's tests: ERROR_IO_PENDING, and a packet */
} more_data_way;

typedef struct ways_of_a_run
{
    bool restless_clock; /* time moves while threads can run */
    more_data_way more_data;
    fill_way fill;           /* when the result of a request that pended is set */
    bool completes_late;     /* a request that pended ends as a step of its own, not inside the call that ended it */
    bool drops_own_writes;   /* Wine 8: closing an end drops its own pending writes, NPFS (statesup.c) keeps them */
    bool connect_hangs;      /* a cancelled ConnectNamedPipe ends only when its handle is closed; a guess */
    bool listener_ends_676;  /* Wine 8: closing a listening handle ends its wait with 676, NPFS (statesup.c) with 109 */
    bool reuses_handles;     /* a handle's value is used again at once; else never */
    bool reuses_thread_ids;  /* the same for ids of threads */
    bool ends_with_thread;   /* a request is cancelled when the thread that began it ends; CancelIo, Wine */
    bool messages_first;     /* ReactOS: a wait for objects and messages looks for messages first; Wine: for objects */
    bool servers_keep_names; /* Wine; Windows by its tests: a name goes with its last server end; NPFS: last of all */
    bool first_is_ignored;   /* Wine: FILE_FLAG_FIRST_PIPE_INSTANCE refuses nothing */
    bool cancels_nothing;    /* Wine 8: CancelIoEx for all requests of a file succeeds when there are none */
    bool listener_stays;     /* Wine: DisconnectNamedPipe fails for a pipe that listens; NPFS ends its wait */
    bool closed_port_waits;  /* Wine 8: a wait for a packet goes on when the port's last handle is closed */
    bool no_room_is_more;    /* Wine: a read of no bytes tells of more data if a message waits; NPFS: success */
    bool breaks_in_turn;     /* Wine: a write that breaks gives its room to those behind it, which succeed in vain */
    bool leaves_empty;       /* Wine: a read of bytes ends before empty messages at the end; NPFS: it takes them */
    bool lists_nothing;      /* Wine: FindFirstFile of pipes fails */
    bool keeps_process;      /* Wine: a disconnected client's end still tells the processes */
    bool network_parts;      /* a read of another computer's pipe brings a message in parts; guess, see network.c */
    bool network_hangs;      /* some calls to another computer get no answer */
    bool ends_without_result; /* Wine: a request that ends with its thread gets a packet, and no result ever */
    unsigned network;         /* decides how long the calls take */
    bool tells_user_at_once;  /* Wine, and clients tracked statically; NPFS: once something of theirs was read */
} ways_of_a_run;

extern ways_of_a_run ways;

void ways_draw(void);
/* The rest of the run is on a system that keeps and lists names as Windows does. On Wine nobody owns a name, and what
 * the product promises of names does not hold. */
void ways_keep_names(void);
/* Sets the flags that decide what the stories of conform see, as the system of a column has them: "npfs", "docs",
 * "winetest", "wine8", "wine10" or "windows". The others stay as they were drawn. Time moves only when nobody can run,
 * since stories measure it. */
void ways_take_column(const char *column);
/* Returns the name of the flag that ways_draw drew as the `place`-th, from 0. */
const char *ways_name(uint32_t place);

#endif
