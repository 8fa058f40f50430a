/* sinks.h: the sinks of one source of events, in the order in which they are called: those of the connection point
 * in the order of their Advise, then EventSink's.
 *
 * Any thread. `changed` is called after every change, with no lock held. */

#ifndef COM_SINKS_H
#define COM_SINKS_H

#include "com/sink.h"

#include "base/lock.h"

typedef struct sinks sinks;
struct sinks
{
    lock lock;
    sink **items GUARDED_BY(lock); /* the advised ones */
    DWORD *cookies GUARDED_BY(lock);
    unsigned count GUARDED_BY(lock), capacity GUARDED_BY(lock);
    DWORD last_cookie GUARDED_BY(lock);
    sink *named GUARDED_BY(lock); /* EventSink, or NULL */
    void (*changed)(sinks *s);
};

#define SINKS_FEW 4

/* The sinks of one moment; `cookies[i]` is 0 for EventSink's. Their memory is held: the one that is called, for its
 * call, itself. Few of them need no memory, so that an event is not lost for want of it. Must not be moved. */
typedef struct sinks_snapshot
{
    sink **items;
    DWORD *cookies;
    unsigned count;
    sink *few_items[SINKS_FEW];
    DWORD few_cookies[SINKS_FEW];
} sinks_snapshot;

void sinks_init(sinks *s, void (*changed)(sinks *s));

/* Silences all, and then releases them: no call begins while their code runs. */
void sinks_clear(sinks *s);

/* Adds an advised sink, whose reference becomes the list's. Cookies are above 0, below 0x80000000 and never used
 * again. E_OUTOFMEMORY, CONNECT_E_ADVISELIMIT. */
HRESULT sinks_add(sinks *s, sink *added, DWORD *cookie);

/* Silences and removes one. CONNECT_E_NOCONNECTION where there is none of this cookie. */
HRESULT sinks_remove(sinks *s, DWORD cookie);

/* Replaces EventSink's by `named` (its reference becomes the list's) or by none. */
void sinks_set_named(sinks *s, sink *named);

/* Removes EventSink's where it still is `named`. */
void sinks_drop_named(sinks *s, const sink *named);

/* EventSink's, held; NULL where there is none. */
sink *sinks_get_named(sinks *s);

bool sinks_empty(sinks *s);

/* sink_judge for each of them. */
void sinks_judge(sinks *s);

HRESULT sinks_take_snapshot(sinks *s, sinks_snapshot *out);
/* Moves a snapshot, which must not be done otherwise; `from` is empty afterwards. */
void sinks_move_snapshot(sinks_snapshot *to, sinks_snapshot *from);
void sinks_free_snapshot(sinks_snapshot *snapshot);

#endif
