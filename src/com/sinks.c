#include "com/sinks.h"

#include <olectl.h>

#define COOKIE_MAX 0x7fffffff /* pywin32 stores a cookie in a signed long */

void sinks_init(sinks *s, void (*changed)(sinks *s))
{
    memset(s, 0, sizeof(*s));
    s->changed = changed;
}

/* Tells the queue of the change before it releases the sink: the sink's code may pump messages, and an event that was
 * taken for sinks then would be lost. */
static void tell_and_retire(sinks *s, sink *gone)
{
    s->changed(s);
    if (!gone)
        return;
    sink_silence(gone);
    sink_release(gone);
}

void sinks_clear(sinks *s)
{
    sink **items, *named;
    DWORD *cookies;
    unsigned count;

    lock_acquire(&s->lock);
    items = s->items;
    cookies = s->cookies;
    count = s->count;
    named = s->named;
    s->items = NULL;
    s->cookies = NULL;
    s->named = NULL;
    s->count = s->capacity = 0;
    lock_release(&s->lock);
    s->changed(s);
    for (unsigned i = 0; i < count; i++)
        sink_silence(items[i]);
    if (named)
        sink_silence(named);
    for (unsigned i = 0; i < count; i++)
        sink_release(items[i]);
    if (named)
        sink_release(named);
    mem_free(items);
    mem_free(cookies);
}

static bool make_room(sinks *s) REQUIRES_LOCK(s->lock)
{
    unsigned capacity = s->capacity ? s->capacity * 2 : 4;
    sink **items;
    DWORD *cookies;

    if (s->count < s->capacity)
        return true;
    items = mem_alloc(capacity * sizeof(*items));
    cookies = mem_alloc(capacity * sizeof(*cookies));
    if (!items || !cookies)
    {
        mem_free(items);
        mem_free(cookies);
        return false;
    }
    if (s->count)
    {
        memcpy(items, s->items, s->count * sizeof(*items));
        memcpy(cookies, s->cookies, s->count * sizeof(*cookies));
    }
    mem_free(s->items);
    mem_free(s->cookies);
    s->items = items;
    s->cookies = cookies;
    s->capacity = capacity;
    return true;
}

HRESULT sinks_add(sinks *s, sink *added, DWORD *cookie)
{
    HRESULT hr = S_OK;

    *cookie = 0;
    lock_acquire(&s->lock);
    if (s->last_cookie == COOKIE_MAX)
        hr = CONNECT_E_ADVISELIMIT;
    else if (!make_room(s))
        hr = E_OUTOFMEMORY;
    else
    {
        *cookie = ++s->last_cookie;
        s->items[s->count] = added;
        s->cookies[s->count] = *cookie;
        s->count++;
    }
    lock_release(&s->lock);
    if (SUCCEEDED(hr))
        s->changed(s);
    return hr;
}

HRESULT sinks_remove(sinks *s, DWORD cookie)
{
    sink *removed = NULL;

    lock_acquire(&s->lock);
    for (unsigned i = 0; i < s->count && !removed; i++)
    {
        if (s->cookies[i] != cookie)
            continue;
        removed = s->items[i];
        s->count--;
        memmove(&s->items[i], &s->items[i + 1], (s->count - i) * sizeof(*s->items));
        memmove(&s->cookies[i], &s->cookies[i + 1], (s->count - i) * sizeof(*s->cookies));
    }
    lock_release(&s->lock);
    if (!removed)
        return CONNECT_E_NOCONNECTION;
    tell_and_retire(s, removed);
    return S_OK;
}

void sinks_set_named(sinks *s, sink *named)
{
    sink *old;

    lock_acquire(&s->lock);
    old = s->named;
    s->named = named;
    lock_release(&s->lock);
    tell_and_retire(s, old);
}

void sinks_drop_named(sinks *s, const sink *named)
{
    sink *dropped = NULL;

    lock_acquire(&s->lock);
    if (s->named == named)
    {
        dropped = s->named;
        s->named = NULL;
    }
    lock_release(&s->lock);
    tell_and_retire(s, dropped);
}

sink *sinks_get_named(sinks *s)
{
    sink *named;

    lock_acquire(&s->lock);
    named = s->named ? sink_hold(s->named) : NULL;
    lock_release(&s->lock);
    return named;
}

bool sinks_empty(sinks *s)
{
    bool empty;

    lock_acquire(&s->lock);
    empty = !s->count && !s->named;
    lock_release(&s->lock);
    return empty;
}

bool sinks_have_handler(sinks *s, DISPID event)
{
    bool have;

    lock_acquire(&s->lock);
    have = s->named && sink_id_of(s->named, event) != DISPID_UNKNOWN;
    for (unsigned i = 0; i < s->count && !have; i++)
        have = sink_id_of(s->items[i], event) != DISPID_UNKNOWN;
    lock_release(&s->lock);
    return have;
}

HRESULT sinks_take_snapshot(sinks *s, sinks_snapshot *out)
{
    unsigned count;

    memset(out, 0, sizeof(*out));
    lock_acquire(&s->lock);
    count = s->count + (s->named != NULL);
    out->items = count <= SINKS_FEW ? out->few_items : mem_alloc(count * sizeof(*out->items));
    out->cookies = count <= SINKS_FEW ? out->few_cookies : mem_alloc(count * sizeof(*out->cookies));
    if (out->items && out->cookies)
    {
        for (unsigned i = 0; i < s->count; i++)
        {
            out->items[i] = sink_hold_memory(s->items[i]);
            out->cookies[i] = s->cookies[i];
        }
        if (s->named)
            out->items[s->count] = sink_hold_memory(s->named);
        out->count = count;
    }
    lock_release(&s->lock);
    if (out->count == count)
        return S_OK;
    sinks_free_snapshot(out);
    return E_OUTOFMEMORY;
}

void sinks_move_snapshot(sinks_snapshot *to, sinks_snapshot *from)
{
    *to = *from;
    if (from->items == from->few_items)
        to->items = to->few_items;
    if (from->cookies == from->few_cookies)
        to->cookies = to->few_cookies;
    memset(from, 0, sizeof(*from));
}

void sinks_free_snapshot(sinks_snapshot *snapshot)
{
    for (unsigned i = 0; i < snapshot->count; i++)
        sink_release_memory(snapshot->items[i]);
    if (snapshot->items != snapshot->few_items)
        mem_free(snapshot->items);
    if (snapshot->cookies != snapshot->few_cookies)
        mem_free(snapshot->cookies);
    memset(snapshot, 0, sizeof(*snapshot));
}

void sinks_judge(sinks *s)
{
    sinks_snapshot all;

    if (FAILED(sinks_take_snapshot(s, &all)))
        return; /* memory is short: the old answers stay */
    for (unsigned i = 0; i < all.count; i++)
        sink_judge(all.items[i]);
    sinks_free_snapshot(&all);
}
