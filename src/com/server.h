/* server.h: the coclass NamedPipeServer.
 *
 * Two counts: the object's, which is the consumers' alone, and that of its memory, which runs, connections and methods under way hold. When the consumers' count falls
 * to 0 the server stops in silence (lifecycle.c); its memory goes on the thread of its window.
 *
 * Threading: `lock` guards the settings and what is marked so, for a few instructions. `life` serialises Start and the beginning of Stop; nothing that dispatches
 * happens under it. */

#ifndef COM_SERVER_H
#define COM_SERVER_H

#include "com/buffers.h"
#include "com/connection_point.h"
#include "com/settings.h"

#include "deliver/run.h"

typedef struct server server;

/* One Start's worth: the run's owner. Counted; holds the server's memory. */
typedef struct server_run
{
    run_owner owner;
    volatile LONG references; /* Interlocked */
    server *server;
    run *run;
    buffers pool;
} server_run;

struct server
{
    object object;
    INamedPipeServer INamedPipeServer_iface;
    connection_point point;
    queue_owner queue_owner;
    volatile LONG holds;   /* Interlocked; of the memory */
    thread_window *window; /* of the creating thread; NULL where that was in the MTA */
    task end;
    queue *queue;
    sinks sinks;
    lock hearing; /* keeps the queue's idea of whether there are sinks right */

    lock lock;
    settings settings GUARDED_BY(lock);
    BSTR last_event_error GUARDED_BY(lock);
    list connections GUARDED_BY(lock); /* not held: see object_try_hold */
    LONG last_id GUARDED_BY(lock);

    lock life;
    server_run *current GUARDED_BY(life); /* held */
    DWORD stopping GUARDED_BY(life);      /* thread that is stopping; 0: none */
    HANDLE not_stopping;                  /* manual-reset event */
    volatile bool free_threading;         /* of the last Start */
};

HRESULT NamedPipeServer_create(REFIID riid, void **out);

/* The memory. False: it is about to be freed. */
bool server_hold(server *s);
void server_release(server *s);

/* lifecycle.c */
HRESULT server_start(server *s);
HRESULT server_stop(server *s, LONG drain_ms);
void server_end_in_silence(server *s);
bool server_is_running(server *s);
/* The present run, held; NULL when stopped. */
server_run *server_run_get(server *s);
void server_run_release(server_run *r);

/* waiting.c */
HRESULT server_enter_loop(server *s, LONG timeout, VARIANT_BOOL *left);
HRESULT server_wait_event(server *s, LONG timeout, INamedPipeEvent **out);

/* firing.c */
extern const queue_calls firing_calls;
/* The names of the events, the one with id i at i - 1. */
extern const WCHAR *const firing_names[];
enum
{
    FIRING_EVENTS = 7
};

#endif
