#include "com/sessions.h"

#include "base/check.h"
#include "pipe/name.h"

session *session_of_lane(lane *l)
{
    return CONTAINER_OF(l, session, lane);
}

/* ---- one session ---- */

static session *hold(session *s)
{
    s->lane.hold(&s->lane);
    return s;
}

/* NULL is allowed. */
static void release(session *s)
{
    if (s)
        s->lane.release(&s->lane);
}

static void client_lane_hold(lane *l)
{
    InterlockedIncrement(&session_of_lane(l)->references);
}

static void client_lane_release(lane *l)
{
    session *s = session_of_lane(l);
    sessions *of = s->of;

    if (count_down(&s->references))
        return;
    lane_fini(l);
    connection_release(s->pipe);
    mem_free(s);
    of->release(of);
}

/* Makes a client's session with one reference; NULL: memory is short. */
static session *create(sessions *of)
{
    session *s = mem_alloc(sizeof(*s));

    if (!s)
        return NULL;
    lane_init(&s->lane, &of->run->state, of->audience, client_lane_hold, client_lane_release);
    s->of = of;
    s->references = 1;
    of->hold(of);
    return s;
}

/* Makes a session that can be dialed later without any more memory. */
static session *create_spare(sessions *of)
{
    session *s = create(of);

    if (!s)
        return NULL;
    s->pipe = connection_prepare(run_engine(of->run), of->path, &of->flow, &s->lane);
    if (s->pipe)
        return s;
    release(s);
    return NULL;
}

/* ---- the present session ---- */

/* Returns whether the session is known although nobody was told of it: nobody is there to be told, or nobody can be, or
 * a consumer who once waited for an event only calls since. */
static bool goes_unheard(session *s)
{
    queue *q = s->of->run->queue;

    if (!connection_handle(s->pipe))
        return false;
    return lane_run_is_silenced(&s->lane) || queue_nobody_hears(q, &s->lane) ||
           (connection_is_asked(s->pipe) && !queue_has_sinks(q, &s->lane));
}

/* Makes `s` the present session; later sessions are not replaced. Returns the one to be released, or NULL. */
static session *make_present(sessions *of, session *s) REQUIRES_LOCK(of->lock)
{
    session *old = of->present;

    if (!old || s->number <= old->number)
        return NULL;
    of->present = hold(s);
    return old;
}

session *sessions_use(sessions *of)
{
    session *s, *old = NULL;

    if (of->only)
        return hold(of->only);
    lock_acquire(&of->lock);
    if (of->newest != of->present && goes_unheard(of->newest))
        old = make_present(of, of->newest);
    s = hold(of->present);
    lock_release(&of->lock);
    release(old);
    return s;
}

void session_done(session *s)
{
    release(s);
}

void session_begin(session *s)
{
    sessions *of = s->of;
    session *old;

    if (of->only)
        return;
    lock_acquire(&of->lock);
    s->is_begun = true;
    old = make_present(of, s);
    lock_release(&of->lock);
    release(old);
}

bool session_has_begun(session *s)
{
    sessions *of = s->of;
    bool has;

    if (of->only)
        return true;
    lock_acquire(&of->lock);
    has = s->number == 1 || s->is_begun;
    lock_release(&of->lock);
    return has;
}

bool sessions_are_opening(sessions *of)
{
    session *present;
    connection_status status = {0};
    bool awaited = false;

    if (of->only)
        return false;
    present = sessions_use(of);
    lock_acquire(&of->lock);
    if (of->newest)
    {
        awaited = of->newest != present;
        status = connection_get_status(of->newest->pipe);
    }
    lock_release(&of->lock);
    session_done(present);
    return status.opening || (awaited && status.open);
}

static void add_traffic(traffic *sum, const traffic *more)
{
    sum->messages_received += more->messages_received;
    sum->messages_sent += more->messages_sent;
    sum->bytes_received += more->bytes_received;
    sum->bytes_sent += more->bytes_sent;
}

traffic sessions_carried(sessions *of)
{
    traffic all, newest;

    if (of->only)
        return connection_traffic(of->only->pipe);
    lock_acquire(&of->lock);
    all = of->carried;
    newest = connection_traffic(of->newest->pipe);
    lock_release(&of->lock);
    add_traffic(&all, &newest);
    return all;
}

LONG sessions_reconnects(sessions *of)
{
    session *s = sessions_use(of);
    LONG number;

    lock_acquire(&of->lock);
    number = s->number;
    lock_release(&of->lock);
    session_done(s);
    return number - 1;
}

/* ---- what was not sent ---- */

bool session_accepts_in_vain(session *s)
{
    sessions *of = s->of;
    bool accepts;

    lock_acquire(&of->lock);
    accepts = !s->is_counted;
    s->in_vain += accepts;
    lock_release(&of->lock);
    return accepts;
}

LONG session_count_unsent(session *s)
{
    sessions *of = s->of;
    LONG unsent;

    lock_acquire(&of->lock);
    if (!s->is_counted)
        s->unsent = s->in_vain + (LONG)connection_unsent(s->pipe);
    s->is_counted = true;
    unsent = s->unsent;
    lock_release(&of->lock);
    return unsent;
}

/* ---- one session after the other ---- */

/* Dials the spare session after `s` has ended. Returns the spare if it cannot be dialed; then call give_up, without the
 * lock. */
static session *dial_spare(sessions *of, session *s) REQUIRES_LOCK(of->lock)
{
    queue *q = of->run->queue;
    session *next = of->spare;

    next->number = s->number + 1;
    queue_follow(q, &next->lane, &s->lane); /* before any of its events can come */
    hold(next);                             /* the engine's, until DISCONNECTED */
    if (!connection_dial_again(next->pipe, s->pipe))
    {
        of->newest = next;
        of->spare = NULL;
        return NULL;
    }
    return next;
}

/* NULL is allowed. */
static void give_up(session *refused)
{
    if (refused)
        queue_unfollow(refused->of->run->queue, &refused->lane);
    release(refused);
}

/* Before DISCONNECTED is queued, so that a handler of it finds the next session. */
void session_has_ended(session *s)
{
    sessions *of = s->of;
    session *refused = NULL, *replaced = NULL, *unused = NULL, *unheard = NULL;

    if (of->only || !of->path)
        return;
    lock_acquire(&of->lock);
    if (!of->over && of->spare)
        refused = dial_spare(of, s);
    if (of->newest == s)
    {
        of->over = true;
        unused = of->spare;
        of->spare = NULL;
    }
    else if (of->newest)
    {
        traffic carried = connection_traffic(s->pipe);

        replaced = s; /* held by `newest` until now */
        add_traffic(&of->carried, &carried);
    }
    if (goes_unheard(s))
        unheard = make_present(of, s);
    lock_release(&of->lock);
    give_up(refused);
    release(unused);
    release(unheard);
    release(replaced);
}

/* No session is dialed before the memory for the one after it is there, so that one always follows. */
bool session_may_be_dialed(session *s)
{
    sessions *of = s->of;
    session *made;
    bool needed;

    lock_acquire(&of->lock);
    needed = !of->over && !of->spare;
    lock_release(&of->lock);
    if (!needed)
        return true;
    made = create_spare(of);
    if (!made)
        return false;
    lock_acquire(&of->lock);
    if (!of->over && !of->spare)
    {
        of->spare = made;
        made = NULL;
    }
    lock_release(&of->lock);
    release(made);
    return true;
}

/* ---- life ---- */

void sessions_init_only(sessions *of, run *r, session *only)
{
    of->run = r;
    of->only = only;
    only->of = of;
    only->number = 1;
}

void sessions_fini_only(sessions *of)
{
    lane_fini(&of->only->lane);
    connection_release(of->only->pipe);
}

void sessions_init(sessions *of, run *r, audience *a, void (*hold_memory)(sessions *of),
                   void (*release_memory)(sessions *of))
{
    of->run = r;
    of->audience = a;
    of->hold = hold_memory;
    of->release = release_memory;
}

/* Makes the first session, and one to follow it if there may be one. False: memory is short. */
static bool prepare(sessions *of, const WCHAR *path, const flow_settings *flow)
{
    session *first = create(of), *spare = NULL;
    bool reconnects = flow->reconnect_pause != 0;

    if (!first)
        return false;
    first->number = 1;
    of->flow = *flow;
    of->path = reconnects ? pipe_text_copy(path) : NULL;
    if (of->path)
        spare = create_spare(of);
    lock_acquire(&of->lock);
    of->newest = first;
    of->present = hold(first);
    of->spare = spare;
    lock_release(&of->lock);
    return !reconnects || spare;
}

DWORD sessions_dial(sessions *of, const WCHAR *path, DWORD timeout, const flow_settings *flow)
{
    session *first;
    DWORD error;

    if (!prepare(of, path, flow))
        return ERROR_NOT_ENOUGH_MEMORY;
    first = sessions_use(of);
    hold(first); /* the engine's, until DISCONNECTED */
    error = connection_dial(run_engine(of->run), path, timeout, flow, &first->lane, &first->pipe);
    if (error)
        release(first);
    session_done(first);
    return error;
}

void sessions_close(sessions *of, close_manner manner)
{
    session *s;

    if (of->only)
    {
        connection_close(of->only->pipe, manner);
        return;
    }
    lock_acquire(&of->lock);
    of->over = true;
    s = hold(of->newest);
    lock_release(&of->lock);
    connection_close(s->pipe, manner);
    release(s);
}

/* Takes out what is held, for the caller to release, unless it is still needed: by the consumer, or by a call. */
static void take_out(sessions *of, session **present, session **newest) REQUIRES_LOCK(of->lock)
{
    *present = *newest = NULL;
    if (!of->silenced || of->calls)
        return;
    *present = of->present;
    *newest = of->newest;
    of->present = of->newest = NULL;
}

void sessions_silence(sessions *of)
{
    session *last, *spare, *present, *newest;

    lock_acquire(&of->lock);
    of->over = of->silenced = true;
    last = of->newest ? hold(of->newest) : NULL;
    spare = of->spare;
    of->spare = NULL;
    take_out(of, &present, &newest);
    lock_release(&of->lock);
    if (last)
        queue_silence_lane(of->run->queue, &last->lane);
    if (last && last->pipe)
        connection_close(last->pipe, CLOSE_AT_ONCE);
    release(spare);
    release(present);
    release(newest);
    release(last);
}

void sessions_begin_call(sessions *of)
{
    lock_acquire(&of->lock);
    of->calls++;
    lock_release(&of->lock);
}

void sessions_end_call(sessions *of)
{
    session *present, *newest;

    lock_acquire(&of->lock);
    of->calls--;
    take_out(of, &present, &newest);
    lock_release(&of->lock);
    release(present);
    release(newest);
}

void sessions_fini(sessions *of)
{
    mem_free(of->path);
}
