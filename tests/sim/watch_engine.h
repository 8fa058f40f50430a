/* watch_engine.h: the owner of an engine, who holds it to what pipe.h promises. Each broken promise is a violation:
 *
 * CONNECTED first (unless a dial opened no pipe), DISCONNECTED once and last; the events of a connection one at a
 * time, none before READY and none after `ended`; callbacks with no lock held; messages whole, once and in order;
 * cookies, buffers and workers balance, and so do the engine's counters and those of its connections; no more clients
 * than max_connections until their DISCONNECTED is released.
 */

#ifndef SIM_WATCH_ENGINE_H
#define SIM_WATCH_ENGINE_H

#include "view.h"

typedef struct watch watch;

struct watch
{
    struct watch *next;
    engine_owner owner;
    supplies supplies;
    engine *engine;
    view *views; /* their connections are held until watch_end */
    engine_settings settings;
    unsigned workers_begun, workers_ended, messages, connected, disconnected, errors;
    unsigned here;    /* clients whose CONNECTED has come and whose DISCONNECTED is not released */
    DWORD last_error; /* of the last CONNECTION_ERROR or SERVER_ERROR */
    unsigned server_errors;
    bool ready, ended, stopped;
    list held; /* events that are released later */

    /* How the owner behaves. */
    bool echoes;               /* answers each message with the same */
    bool holds_events;         /* releases some events later */
    bool numbers_skip;         /* clients cancel messages, so that numbers may be missing */
    bool keeps;                /* releases no MESSAGE and no SERVER_ERROR before watch_release_oldest */
    bool is_stream;            /* what comes has no messages; on_event looks at it */
    bool asks;                 /* calls connection_read or connection_read_on */
    bool loses_name;           /* SERVER_ERROR may come without a fault */
    bool name_may_be_held;     /* by a client of a stranger: then it may not start */
    const WCHAR *path;         /* to dial */
    void (*on_turn)(watch *w); /* NULL: none */
    void (*on_event)(watch *w, view *v, pipe_event *event); /* before the echo; NULL: none. v is NULL for READY */
};

/* The pipe's path in all scenarios. */
#define SIM_PATH L"\\\\.\\pipe\\sim"

/* Prepares a watch with settings that the seed draws. */
void watch_begin(watch *w);
/* Opens, listens and runs. False: a fault kept it from starting; the engine has ended. */
bool watch_start(watch *w);
/* Stops and waits for the end; a graceful end that lasts 5 s is cut short. Any thread, any number of times. */
void watch_stop(watch *w, close_manner manner);
/* Releases all, and looks at what must balance. No thread may be inside the engine any more. */
void watch_end(watch *w);

/* Dials w->path, which is SIM_PATH at first, with an engine that has no path. Returns NULL if a fault kept it from
 * beginning. */
view *watch_dial(watch *w, DWORD timeout);
/* Releases the oldest event that the watch still holds. False: it holds none. */
bool watch_release_oldest(watch *w);

#endif
