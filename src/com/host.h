/* host.h: what a server and a manager of clients have in common: the thread on which their events are raised, the
 * queue of those, the run between start and stop, and the waiting.
 *
 * A field of the object that it serves, whose memory has a count beside the object's own: the object's is the
 * consumers' alone; the memory is held by runs, connections and methods under way, and goes on the thread of the
 * window.
 *
 * Threading: any thread, unless a line says otherwise. `lock` and `life` guard what is marked so, for a few
 * instructions. Starts, and the beginnings of stops, come one after the other: `starting` and `stopping`. */

#ifndef COM_HOST_H
#define COM_HOST_H

#include "com/buffers.h"
#include "com/settings.h"

#include "deliver/run.h"

typedef struct host host;

/* One run and what it reads into; held and released as the run. Holds the host's memory. */
typedef struct host_run
{
    run run;
    host *host;
    buffers pool;
} host_run;

typedef struct host_calls
{
    /* How the events of its queue are raised. */
    const queue_calls *events;
    /* A client has come: the lane of the object that stands for it, NULL without memory. NULL where it does not
     * listen. */
    lane *(*connected)(host_run *r, connection *c);
    /* Nobody holds the memory any more: host_fini, then free it. */
    void (*end)(host *h);
} host_calls;

struct host
{
    const host_calls *calls;
    queue_owner queue_owner;
    volatile LONG holds;   /* Interlocked; of the memory */
    volatile LONG users;   /* Interlocked; objects of consumers */
    thread_window *window; /* of the creating thread; NULL where that was in the MTA */
    task end;
    queue *queue;

    lock lock;
    BSTR last_event_error GUARDED_BY(lock);

    lock life;
    host_run *current GUARDED_BY(life); /* held */
    bool starting GUARDED_BY(life);     /* a thread makes a run */
    CONDITION_VARIABLE started;         /* woken when `starting` ends */
    DWORD stopping GUARDED_BY(life);    /* thread that is stopping; 0: none */
    run *awaited GUARDED_BY(life);      /* whose handlers it waits for; NULL: none's */
    HANDLE not_stopping;                /* manual-reset event */
    volatile LONG free_threading;       /* acquire, release; of the last start */
};

/* In zero memory, with one hold. False without memory: nothing is to be ended then. */
bool host_init(host *h, const host_calls *calls);
void host_fini(host *h);

/* The memory. False: it is about to be freed. */
bool host_hold(host *h);
void host_release(host *h);

/* Starts unless it runs: listens at `path`, or only dials where that is NULL. `a` hears what is no connection's. Where
 * clients of a past server still hold the name it blocks for a third of a second, without dispatching messages; so do
 * a start and a stop on other threads meanwhile, and nothing else. */
HRESULT host_start(host *h, const settings *wanted, const WCHAR *path, audience *a);
/* Sends what is queued for `drain_ms` at most, closes all connections, and raises what is still to be told. */
HRESULT host_stop(host *h, LONG drain_ms);
/* One more, or one less, of the objects of consumers that keep the run: the server or manager itself, from host_init
 * on, and connections that a manager has opened. With the last one no event begins any more, the run ends, and nothing
 * is waited for. */
void host_add_user(host *h);
void host_drop_user(host *h);
bool host_is_running(host *h);
/* Whether a start would do nothing now: it runs, and no stop is under way. */
bool host_is_settled(host *h);
/* The present run, held, also through its end: given back by run_release(&r->run). NULL when stopped. */
host_run *host_run_get(host *h);

/* What failed in a handler, for LastEventError and the debugger. */
void host_note_failure(host *h, const WCHAR *event, HRESULT code, const WCHAR *said);

/* ---- host_run.c ---- */

/* Starts a run of the host, which holds its memory; see run_start. *out is NULL unless 0 is returned. */
DWORD host_run_start(host *h, const engine_settings *wanted, queue_way way, audience *a, host_run **out);

/* ---- host_members.c: members that both classes have ---- */

/* Error 5 for a TimeoutMs that is negative and not -1. */
HRESULT host_judge_timeout(LONG timeout);
HRESULT host_enter_loop(host *h, LONG timeout, VARIANT_BOOL *left);
HRESULT host_leave_loop(host *h);
HRESULT host_wait_event(host *h, LONG timeout, INamedPipeEvent **out);
HRESULT host_get_version(BSTR *value);
HRESULT host_get_last_event_error(host *h, BSTR *value);

/* Defines them for the class `Class`, whose file includes error.h: there is impl_from_Interface, and what it returns
 * has fields `host` and `settings`. */
#define FORWARD_HOST(Class, Interface)                                                                            \
    static HRESULT STDMETHODCALLTYPE Class##_get_Version(Interface *iface, BSTR *value)                           \
    {                                                                                                             \
        (void)iface;                                                                                              \
        return error_of(&IID_##Interface, host_get_version(value));                                               \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_get_LastEventError(Interface *iface, BSTR *value)                    \
    {                                                                                                             \
        return error_of(&IID_##Interface, host_get_last_event_error(&impl_from_##Interface(iface)->host, value)); \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_ManualMessageLoopEnter(Interface *iface, LONG timeout,               \
                                                                    VARIANT_BOOL *left)                           \
    {                                                                                                             \
        return error_of(&IID_##Interface, host_enter_loop(&impl_from_##Interface(iface)->host, timeout, left));   \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_ManualMessageLoopLeave(Interface *iface)                             \
    {                                                                                                             \
        return error_of(&IID_##Interface, host_leave_loop(&impl_from_##Interface(iface)->host));                  \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_WaitEvent(Interface *iface, LONG timeout, INamedPipeEvent **event)   \
    {                                                                                                             \
        return error_of(&IID_##Interface, host_wait_event(&impl_from_##Interface(iface)->host, timeout, event));  \
    }                                                                                                             \
    FORWARD_SETTING(Class, Interface, NumThreadsIOCP, LONG, long, threads)                                        \
    FORWARD_SETTING(Class, Interface, FreeThreadingEvents, VARIANT_BOOL, bool, free_threading)                    \
    FORWARD_SETTING(Class, Interface, ContinuouslyReadFromPipe, VARIANT_BOOL, bool, read_continuously)            \
    FORWARD_SETTING(Class, Interface, MessageBufferSize, LONG, long, buffer_size)                                 \
    FORWARD_SETTING(Class, Interface, ReceiveQueueLimit, LONG, long, receive_limit)                               \
    FORWARD_SETTING(Class, Interface, SendQueueLimit, LONG, long, send_limit)

#define FORWARD_SETTING(Class, Interface, Property, Type, kind, field)                     \
    static HRESULT STDMETHODCALLTYPE Class##_get_##Property(Interface *iface, Type *value) \
    {                                                                                      \
        settings *s = &impl_from_##Interface(iface)->settings;                             \
                                                                                           \
        return error_of(&IID_##Interface, settings_get_##kind(s, &s->field, value));       \
    }                                                                                      \
                                                                                           \
    static HRESULT STDMETHODCALLTYPE Class##_put_##Property(Interface *iface, Type value)  \
    {                                                                                      \
        settings *s = &impl_from_##Interface(iface)->settings;                             \
                                                                                           \
        return error_of(&IID_##Interface, settings_put_##kind(s, &s->field, value));       \
    }

#endif
