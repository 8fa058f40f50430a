/* sinks.h: the sinks of one source of events, in the order in which they are called: first the sinks of the connection
 * point, in the order of their Advise, then the sink of EventSink.
 *
 * Any thread may call everything here. `changed` is called after every change, with no lock held. */

#ifndef COM_SINKS_H
#define COM_SINKS_H

#include "com/sink.h"

#include "base/lock.h"

typedef struct sinks sinks;
struct sinks
{
    lock lock;
    sink **items GUARDED_BY(lock); /* the sinks of the connection point */
    DWORD *cookies GUARDED_BY(lock);
    unsigned count GUARDED_BY(lock), capacity GUARDED_BY(lock);
    DWORD last_cookie GUARDED_BY(lock);
    sink *named GUARDED_BY(lock); /* the sink of EventSink, or NULL */
    void (*changed)(sinks *s);
};

#define SINKS_FEW 4

/* The sinks of one moment; `cookies[i]` is 0 for the sink of EventSink. A snapshot holds the memory of the sinks; a
 * caller of a sink holds the sink itself during the call. Up to SINKS_FEW sinks need no allocation, so that no event is
 * lost when memory is short. Do not copy a snapshot; see sinks_move_snapshot. */
typedef struct sinks_snapshot
{
    sink **items;
    DWORD *cookies;
    unsigned count;
    sink *few_items[SINKS_FEW];
    DWORD few_cookies[SINKS_FEW];
} sinks_snapshot;

void sinks_init(sinks *s, void (*changed)(sinks *s));

/* Removes and silences all sinks, then releases them: no call of a sink begins while the code of another runs. */
void sinks_clear(sinks *s);

/* Adds a sink of the connection point; its reference becomes the list's. Cookies are above 0 and below 0x80000000, and
 * none is used again. E_OUTOFMEMORY or CONNECT_E_ADVISELIMIT: the reference stays the caller's. */
HRESULT sinks_add(sinks *s, sink *added, DWORD *cookie);

/* Removes, silences and releases the sink with this cookie. CONNECT_E_NOCONNECTION: there is none. */
HRESULT sinks_remove(sinks *s, DWORD cookie);

/* Replaces the sink of EventSink by `named`, whose reference becomes the list's, or by none if that is NULL. Silences
 * and releases the old sink. */
void sinks_set_named(sinks *s, sink *named);

/* Removes, silences and releases the sink of EventSink if it still is `named`. */
void sinks_drop_named(sinks *s, const sink *named);

/* Returns the sink of EventSink with a reference, or NULL if there is none. */
sink *sinks_get_named(sinks *s);

bool sinks_empty(sinks *s);
/* Returns whether a sink has a handler for the event with this id. */
bool sinks_have_handler(sinks *s, DISPID event);

/* Calls sink_judge for each sink. */
void sinks_judge(sinks *s);

/* Takes a snapshot; free it with sinks_free_snapshot. E_OUTOFMEMORY: the snapshot is empty. */
HRESULT sinks_take_snapshot(sinks *s, sinks_snapshot *out);
/* Moves a snapshot; `from` is empty afterwards. */
void sinks_move_snapshot(sinks_snapshot *to, sinks_snapshot *from);
void sinks_free_snapshot(sinks_snapshot *snapshot);

#endif
