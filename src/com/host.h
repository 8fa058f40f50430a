/* host.h: what a server and a client manager have in common: the thread on which events are raised, the queue of
 * events, the run between start and stop, and the members that wait.
 *
 * A host is a field of its object. The object has two counts: only consumers hold the object itself; runs, connections
 * and methods that are under way hold its memory. The memory is freed on the window's thread, or after that thread has
 * ended.
 *
 * Threading: any thread may call everything here, unless a comment says otherwise. The locks `lock` and `life` guard
 * the fields that say so, for a few instructions. `starting` and `stopping` make starts and the beginnings of stops
 * come one after the other. */

#ifndef COM_HOST_H
#define COM_HOST_H

#include "com/buffers.h"
#include "com/settings.h"
#include "com/tracing.h"

#include "deliver/run.h"

typedef struct host host;

/* One run and the pool of buffers that it reads into. Hold and release it by its run. It holds the host's memory. */
typedef struct host_run
{
    run run;
    host *host;
    buffers pool;
} host_run;

typedef struct host_calls
{
    const WCHAR *kind; /* what a trace and Diagnose call the object: "server", "manager" */
    /* How the events of the host's queue are raised. */
    const queue_calls *events;
    /* Returns the lane of the object for a client that has come, or NULL if memory is short. The pointer is NULL in a
     * host that does not listen. */
    lane *(*connected)(host_run *r, connection *c);
    /* Ends the host with host_fini and frees the memory. Called after the last host_release. */
    void (*end)(host *h);
} host_calls;

struct host
{
    const host_calls *calls;
    queue_owner queue_owner;
    volatile LONG holds;   /* Interlocked; references on the memory */
    volatile LONG users;   /* Interlocked; see host_add_user */
    thread_window *window; /* of the creating thread; NULL if that thread was in no STA */
    DWORD thread;          /* id of the creating thread */
    task end;
    queue *queue;
    tracing tracing;
    volatile LONG last_connection; /* Interlocked; the number of the newest connection of a manager, for its trace */

    lock lock;
    BSTR last_event_error GUARDED_BY(lock);
    BSTR start_failure GUARDED_BY(lock); /* the sentence of the last Start; NULL: it did not fail */
    list endpoints GUARDED_BY(lock);     /* of endpoint, by its link; see endpoint_enter */

    lock life;
    host_run *current GUARDED_BY(life);         /* held; NULL: stopped */
    bool starting GUARDED_BY(life);             /* a thread is making a run */
    CONDITION_VARIABLE started;                 /* woken when `starting` ends */
    DWORD stopping GUARDED_BY(life);            /* id of the thread that is stopping; 0: none */
    run *awaited GUARDED_BY(life);              /* the run whose handlers that thread waits for; NULL: none */
    traffic carried GUARDED_BY(life);           /* by the last run, once it was stopped */
    LONGLONG clients_ever GUARDED_BY(life);     /* of that run */
    const host_run *counts_on GUARDED_BY(life); /* that run, while its workers may count more; only compared */
    HANDLE not_stopping;                        /* manual-reset event, set while `stopping` is 0 */
    volatile LONG free_threading;               /* acquire, release; FreeThreadingEvents of the last start */
};

/* Initializes a host in zeroed memory, with one reference on the memory and one user. False: memory or handles are
 * short, and host_fini must not be called. */
bool host_init(host *h, const host_calls *calls);
void host_fini(host *h);

/* Takes a reference on the memory. False: the memory is about to be freed. */
bool host_hold(host *h);
/* Releases a reference on the memory. The last release calls host_calls.end, on the window's thread if that lives. */
void host_release(host *h);

/* Starts a run as `wanted` says, unless the host runs: listens at `path`, or only dials if `path` is NULL. The audience
 * `a` receives events that belong to no connection. Waits for another thread's stop, 5 s at most; but fails at once
 * inside a handler that this stop waits for. If clients of a past server still hold the name of the pipe, blocks for a
 * third of a second without dispatching messages; meanwhile a start or a stop on another thread blocks, too, and
 * nothing else. */
HRESULT host_start(host *h, const settings *wanted, const WCHAR *path, audience *a);
/* Stops: sends queued messages for `drain_ms` at most (0 to 600000 ms, else error 5), closes all connections, and
 * raises the events that wait, if the calling thread is one that raises them. Does nothing if the host is stopped;
 * waits 5 s at most if another thread is stopping the host. Waits for handlers until none has begun or returned for
 * five seconds. Inside a handler on a worker, closes at once and waits for nothing. */
HRESULT host_stop(host *h, LONG drain_ms);
/* Counts the users, which keep the run: objects that consumers hold. These are the server or the manager itself, from
 * host_init on, and the connections that a manager has opened. host_drop_user of the last user silences the queue and
 * ends the run, and waits for neither. */
void host_add_user(host *h);
void host_drop_user(host *h);
bool host_is_running(host *h);
/* Returns whether a start would do nothing now: the host runs, and no stop is under way. */
bool host_is_settled(host *h);
/* Returns the present run with a reference, also while it is being stopped; release it with run_release(&r->run). NULL:
 * the host is stopped. */
host_run *host_run_get(host *h);

/* Returns what the present run, or the last one, has carried. *clients: how many clients came to it. */
traffic host_traffic(host *h, LONGLONG *clients);

/* Call it on each worker of the run that ends: notes what the run has carried, if it is the last one and was stopped
 * while its workers went on. */
void host_count_on(host_run *r);
/* Call it before the memory of the run is freed. */
void host_count_no_more(const host_run *r);

/* Notes the failure of a handler of the event with this name, for LastEventError and the debugger. `said` is the
 * sentence. */
void host_note_failure(host *h, const WCHAR *event, HRESULT code, const WCHAR *said);

/* Notes the result of a Start for Diagnose, whose sentence the thread has. */
void host_note_start(host *h, HRESULT hr);

/* ---- host_run.c ---- */

/* Starts a run of the host; see run_start. The run holds the host's memory. *out has one reference, the caller's; it is
 * NULL unless 0 is returned. */
DWORD host_run_start(host *h, const engine_settings *wanted, queue_way way, audience *a, host_run **out);

/* ---- host_members.c: members that both classes have ---- */

/* Returns error 5 if the TimeoutMs is less than -1, else S_OK. */
HRESULT host_judge_timeout(LONG timeout);
/* The members themselves; timeouts are in ms, -1 for ever. */
HRESULT host_enter_loop(host *h, LONG timeout, VARIANT_BOOL *left);
HRESULT host_leave_loop(host *h);
HRESULT host_wait_event(host *h, LONG timeout, INamedPipeEvent **out);
HRESULT host_get_version(BSTR *value);
HRESULT host_get_last_event_error(host *h, BSTR *value);

/* Defines these members for the class `Class`, whose file includes error.h. The file defines impl_from_Interface, which
 * returns a structure with the fields `host` and `settings`. */
#define FORWARD_HOST(Class, Interface)                                                                            \
    static HRESULT STDMETHODCALLTYPE Class##_get_TraceFile(Interface *iface, BSTR *value)                         \
    {                                                                                                             \
        return error_of(&IID_##Interface, tracing_get_file(&impl_from_##Interface(iface)->host.tracing, value));  \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_put_TraceFile(Interface *iface, BSTR value)                          \
    {                                                                                                             \
        return error_of(&IID_##Interface, tracing_put_file(&impl_from_##Interface(iface)->host.tracing, value));  \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_get_TraceData(Interface *iface, VARIANT_BOOL *value)                 \
    {                                                                                                             \
        return error_of(&IID_##Interface, tracing_get_data(&impl_from_##Interface(iface)->host.tracing, value));  \
    }                                                                                                             \
                                                                                                                  \
    static HRESULT STDMETHODCALLTYPE Class##_put_TraceData(Interface *iface, VARIANT_BOOL value)                  \
    {                                                                                                             \
        return error_of(&IID_##Interface, tracing_put_data(&impl_from_##Interface(iface)->host.tracing, value));  \
    }                                                                                                             \
                                                                                                                  \
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
    FORWARD_SETTING(Class, Interface, SendQueueLimit, LONG, long, send_limit)                                     \
    FORWARD_SETTING(Class, Interface, MaxMessageSize, LONG, long, message_limit)                                  \
    FORWARD_SETTING(Class, Interface, IdleTimeout, LONG, long, idle_timeout)                                      \
    FORWARD_ENUM(Class, Interface, Framing, framing)

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

/* Does the same for a property whose type is the enum NamedPipe##Property. */
#define FORWARD_ENUM(Class, Interface, Property, field)                                                   \
    static HRESULT STDMETHODCALLTYPE Class##_get_##Property(Interface *iface, NamedPipe##Property *value) \
    {                                                                                                     \
        settings *s = &impl_from_##Interface(iface)->settings;                                            \
        LONG number = 0;                                                                                  \
        HRESULT hr = settings_get_long(s, &s->field, value ? &number : NULL);                             \
                                                                                                          \
        if (value && SUCCEEDED(hr))                                                                       \
            *value = (NamedPipe##Property)number;                                                         \
        return error_of(&IID_##Interface, hr);                                                            \
    }                                                                                                     \
                                                                                                          \
    static HRESULT STDMETHODCALLTYPE Class##_put_##Property(Interface *iface, NamedPipe##Property value)  \
    {                                                                                                     \
        settings *s = &impl_from_##Interface(iface)->settings;                                            \
                                                                                                          \
        return error_of(&IID_##Interface, settings_put_long(s, &s->field, (LONG)value));                  \
    }

#endif
