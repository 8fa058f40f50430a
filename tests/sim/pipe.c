#include "pipe.h"

#include "failure.h"
#include "ways.h"

#include <stdlib.h>

/* ---- queues (datasup.c) ---- */

/* Takes the first entry out. Returns its request, NULL for a write that has ended. */
static request *queue_take(queue *q)
{
    entry *e = q->first;
    request *r = e->request;

    q->first = e->next;
    q->used -= e->room;
    q->offset = 0;
    free(e);
    return r;
}

/* Gives freed room to writes that wait, in their order; a write ends when all of it has room (NpCompleteStalledWrites).
 */
static void queue_grant(queue *q)
{
    DWORD offset = q->offset;

    if (q->reads)
        return;
    for (entry *e = q->first; e; e = e->next, offset = 0)
    {
        DWORD wanted = e->size - offset - e->room, free_room = q->quota - q->used;

        if (!e->request)
            continue;
        if (wanted > free_room)
            wanted = free_room;
        e->room += wanted;
        q->used += wanted;
        if (e->room < e->size - offset)
            return;
        request_end(e->request, 0, e->size);
        e->request = NULL;
    }
}

static entry *queue_add(queue *q, bool is_read, DWORD size, const void *data)
{
    entry *e = calloc(1, sizeof(*e) + (is_read ? 0 : size)), **last = &q->first;

    if (!e)
        fail("the host has no memory for a message");
    if (q->first && q->reads != is_read)
        fail("the stand-in is wrong: reads and writes wait in one queue");
    q->reads = is_read;
    e->size = size;
    if (!is_read && size)
        memcpy(e->data, data, size);
    while (*last)
        last = &(*last)->next;
    *last = e;
    return e;
}

/* Breaks the writes that wait, as Wine does: the room of one that was broken goes to those behind it, which succeed,
 * and are lost all the same. `keeps`: what has ended keeps its room meanwhile. */
static void queue_break_in_turn(queue *q, DWORD error, bool keeps)
{
    entry **place = &q->first;

    while (*place)
    {
        entry *e = *place;

        if (!e->request && keeps)
        {
            place = &e->next;
            continue;
        }
        if (place == &q->first)
            q->offset = 0;
        *place = e->next;
        q->used -= e->room;
        if (e->request)
        {
            request_end(e->request, error, 0);
            queue_grant(q);
        }
        free(e);
    }
}

/* Ends all that waits in a queue. */
static void queue_purge(queue *q, DWORD error)
{
    while (q->first)
    {
        request *r = queue_take(q);

        if (r)
            request_end(r, error, 0);
    }
}

/* The entry of a request goes, also if a part of it was read. */
static void drop_entry(request *r, DWORD error)
{
    queue *q = r->place;
    entry **place = &q->first, *e;

    while ((*place)->request != r)
        place = &(*place)->next;
    e = *place;
    if (place == &q->first)
        q->offset = 0;
    *place = e->next;
    q->used -= e->room;
    free(e);
    request_end(r, error, 0);
}

/* NpCancelDataQueueIrp. */
static void cancel_entry(request *r)
{
    queue *q = r->place;

    drop_entry(r, ERROR_OPERATION_ABORTED);
    queue_grant(q);
}

static void let_wait(queue *q, entry *e, request *r)
{
    e->request = r;
    r->place = q;
    r->cancel = cancel_entry;
}

/* ---- reading (readsup.c, read.c) ---- */

/* A read with no room of a message that waits. By NPFS it looks at no entry, so that an empty message stays too. */
static DWORD take_nothing(queue *q, bool messages)
{
    if (!ways.no_room_is_more)
        return 0;
    if (q->first->size > q->offset)
        return messages ? ERROR_MORE_DATA : 0;
    queue_take(q);
    return 0;
}

/* Returns whether a read of bytes ends although it has room. */
static bool is_over(const queue *q)
{
    const entry *e = q->first;

    while (e && !e->size)
        e = e->next;
    return ways.leaves_empty && !e;
}

static DWORD take_bytes(queue *q, bool messages, BYTE *data, DWORD size, DWORD *bytes)
{
    DWORD error = 0;
    bool whole = false;

    *bytes = 0;
    if (!size)
        return take_nothing(q, messages);
    while (q->first && *bytes < size && !error && !(messages && whole))
    {
        entry *e = q->first;
        DWORD left = e->size - q->offset, part = left < size - *bytes ? left : size - *bytes;
        DWORD room = part < e->room ? part : e->room;

        memcpy(data + *bytes, e->data + q->offset, part);
        *bytes += part;
        e->room -= room;
        q->used -= room;
        q->offset += part;
        whole = part == left;
        if (whole)
        {
            DWORD written = e->size;
            request *r = queue_take(q);

            if (r)
                request_end(r, 0, written);
        }
        else if (messages)
            error = ERROR_MORE_DATA;
        if (!messages && is_over(q))
            break;
    }
    queue_grant(q);
    return error;
}

DWORD pipe_read(file *f, const char *name, OVERLAPPED *overlapped, void *data, DWORD size, DWORD *bytes)
{
    pipe *p = f->pipe;
    queue *q;

    *bytes = 0;
    if (!p || p->state == PIPE_STATE_DISCONNECTED)
        return ERROR_PIPE_NOT_CONNECTED;
    if (p->state == PIPE_STATE_LISTENING)
        return ERROR_PIPE_LISTENING;
    q = &p->queues[f->side];
    if (q->first && !q->reads)
    {
        p->tells_user |= f->side == SIDE_SERVER;
        return take_bytes(q, p->read_messages[f->side], data, size, bytes);
    }
    if (p->state == PIPE_STATE_CLOSING)
        return ERROR_BROKEN_PIPE;
    let_wait(q, queue_add(q, true, size, NULL), request_begin(f, name, overlapped, data, size));
    return ERROR_IO_PENDING;
}

/* ---- writing (writesup.c, write.c) ---- */

/* Fills reads that wait. Returns how much of the write they took; *empty becomes false when one took an empty message.
 */
static DWORD fill_reads(queue *q, bool messages, const BYTE *data, DWORD size, bool *empty)
{
    DWORD taken = 0;

    while (q->first && q->reads && (taken < size || *empty))
    {
        request *r = queue_take(q);
        DWORD part = size - taken < r->size ? size - taken : r->size;

        if (part)
            memcpy(r->data, data + taken, part);
        taken += part;
        *empty = false;
        request_end(r, taken < size && messages ? ERROR_MORE_DATA : 0, part);
    }
    return taken;
}

DWORD pipe_write(file *f, const char *name, OVERLAPPED *overlapped, const void *data, DWORD size, DWORD *bytes)
{
    pipe *p = f->pipe;
    int reader = 1 - f->side;
    queue *q;
    entry *e;
    DWORD taken;
    bool empty;

    *bytes = 0;
    if (!p || p->state == PIPE_STATE_DISCONNECTED)
        return ERROR_PIPE_NOT_CONNECTED;
    if (p->state != PIPE_STATE_CONNECTED)
        return p->state == PIPE_STATE_LISTENING ? ERROR_PIPE_LISTENING : ERROR_NO_DATA;
    q = &p->queues[reader];
    empty = p->name->messages && !size;
    p->tells_user |= q->first && q->reads && reader == SIDE_SERVER;
    taken = fill_reads(q, p->read_messages[reader], data, size, &empty);
    *bytes = size;
    if (taken == size && !empty)
        return 0;
    e = queue_add(q, false, size, data);
    if (taken)
        q->offset = taken; /* it is the first, since a read waited */
    e->room = q->quota - q->used < size - taken ? q->quota - q->used : size - taken;
    q->used += e->room;
    if (e->room == size - taken)
        return 0;
    *bytes = 0;
    let_wait(q, e, request_begin(f, name, overlapped, NULL, size));
    return ERROR_IO_PENDING;
}

/* ---- peeking (fsctrl.c) ---- */

DWORD pipe_peek(const file *f, DWORD *waiting, DWORD *left)
{
    const pipe *p = f->pipe;
    const queue *q;

    *waiting = *left = 0;
    if (!p)
        return ERROR_PIPE_NOT_CONNECTED; /* a client that was disconnected has no instance any more */
    if (p->state != PIPE_STATE_CONNECTED && p->state != PIPE_STATE_CLOSING)
        return ERROR_BAD_PIPE;
    q = &p->queues[f->side];
    if (!q->first || q->reads)
        return p->state == PIPE_STATE_CLOSING ? ERROR_BROKEN_PIPE : 0;
    for (const entry *e = q->first; e; e = e->next)
        *waiting += e->size;
    *waiting -= q->offset;
    *left = p->name->messages ? q->first->size - q->offset : 0;
    return 0;
}

/* ---- states (statesup.c) ---- */

static void cancel_listening(request *r)
{
    ((pipe *)r->place)->listening = NULL;
    request_end(r, ERROR_OPERATION_ABORTED, 0);
}

DWORD pipe_connect(file *f, const char *name, OVERLAPPED *overlapped)
{
    pipe *p = f->pipe;

    if (f->side != SIDE_SERVER)
        return ERROR_INVALID_FUNCTION; /* fsctrl.c, NpListen */
    if (p->state == PIPE_STATE_CONNECTED)
        return ERROR_PIPE_CONNECTED;
    if (p->state == PIPE_STATE_CLOSING)
        return ERROR_NO_DATA;
    p->state = PIPE_STATE_LISTENING;
    p->listening = request_begin(f, name, overlapped, NULL, 0);
    p->listening->place = p;
    p->listening->cancel = cancel_listening;
    return ERROR_IO_PENDING;
}

static void end_listening(pipe *p, DWORD error)
{
    request *r = p->listening;

    p->listening = NULL;
    if (r)
        request_end(r, error, 0);
}

DWORD pipe_disconnect(file *f)
{
    pipe *p = f->pipe;

    if (f->side != SIDE_SERVER)
        fail("DisconnectNamedPipe of a client's end; the stand-in does not know this case");
    if (p->state == PIPE_STATE_DISCONNECTED)
        return ERROR_PIPE_NOT_CONNECTED;
    if (p->state == PIPE_STATE_LISTENING && ways.listener_stays)
        return ERROR_PIPE_LISTENING;
    end_listening(p, ERROR_PIPE_NOT_CONNECTED);
    if (ways.breaks_in_turn && !p->queues[SIDE_SERVER].reads)
        queue_break_in_turn(&p->queues[SIDE_SERVER], ERROR_PIPE_NOT_CONNECTED, false);
    queue_purge(&p->queues[SIDE_SERVER], ERROR_PIPE_NOT_CONNECTED);
    queue_purge(&p->queues[SIDE_CLIENT], ERROR_PIPE_NOT_CONNECTED);
    if (p->ends[SIDE_CLIENT])
        p->ends[SIDE_CLIENT]->pipe = NULL;
    p->ends[SIDE_CLIENT] = NULL;
    p->state = PIPE_STATE_DISCONNECTED;
    return 0;
}

/* The instance goes, and the name with the last one. */
static void delete_pipe(pipe *p)
{
    pipe_name *n = p->name;
    pipe **place = &n->pipes;

    queue_purge(&p->queues[SIDE_SERVER], ERROR_BROKEN_PIPE);
    queue_purge(&p->queues[SIDE_CLIENT], ERROR_BROKEN_PIPE);
    while (*place != p)
        place = &(*place)->next;
    *place = p->next;
    free(p);
    if (!n->pipes)
        name_drop(n);
}

/* Drops the writes that have not ended; what has ended stays. */
static void queue_drop_pending(queue *q)
{
    entry *e = q->first;

    while (e)
    {
        entry *next = e->next;

        if (e->request)
            drop_entry(e->request, ERROR_BROKEN_PIPE);
        e = next;
    }
}

/* What this end reads is lost, and what the other end waits to read. Its own writes stay, until they were read. */
static void close_connected(pipe *p, int side)
{
    queue *own = &p->queues[side], *others = &p->queues[1 - side];

    p->state = PIPE_STATE_CLOSING;
    if (ways.breaks_in_turn && !own->reads)
        queue_break_in_turn(own, ERROR_BROKEN_PIPE, true);
    queue_purge(own, ERROR_BROKEN_PIPE);
    if (others->reads)
        queue_purge(others, ERROR_BROKEN_PIPE);
    if (ways.drops_own_writes)
        queue_drop_pending(others);
}

static void end_closed(object *o)
{
    file *f = (file *)o;
    pipe *p = f->pipe;

    f->pipe = NULL;
    if (!p)
        return;
    p->ends[f->side] = NULL;
    if (ways.servers_keep_names && !pipe_has_server(p->name))
        p->name->is_hidden = true;
    switch (p->state)
    {
    case PIPE_STATE_CONNECTED: close_connected(p, f->side); break;
    case PIPE_STATE_LISTENING:
        end_listening(p, ways.listener_ends_676 ? 676 : ERROR_BROKEN_PIPE);
        delete_pipe(p);
        break;
    case PIPE_STATE_DISCONNECTED:
    case PIPE_STATE_CLOSING: delete_pipe(p); break;
    }
    requests_tell();
}

static void file_freed(object *o)
{
    file *f = (file *)o;

    if (f->port)
        object_release((object *)f->port);
}

file *file_create(void)
{
    file *f = object_create(OBJECT_FILE, sizeof(*f));

    f->head.last_handle_closed = end_closed;
    f->head.freed = file_freed;
    return f;
}

static file *create_end(pipe *p, int side)
{
    file *f = file_create();

    f->pipe = p;
    f->side = side;
    p->ends[side] = f;
    return f;
}

/* ---- instances (create.c) ---- */

file *pipe_create(pipe_name *n, DWORD out_quota, DWORD in_quota)
{
    pipe *p = calloc(1, sizeof(*p)), **last = &n->pipes;

    if (!p)
        fail("the host has no memory for a pipe");
    p->name = n;
    p->state = PIPE_STATE_LISTENING;
    p->queues[SIDE_SERVER].quota = in_quota;
    p->queues[SIDE_CLIENT].quota = out_quota;
    while (*last)
        last = &(*last)->next;
    *last = p;
    return create_end(p, SIDE_SERVER);
}

pipe *pipe_that_listens(const pipe_name *n)
{
    for (pipe *p = n->pipes; p; p = p->next)
        if (p->state == PIPE_STATE_LISTENING)
            return p;
    return NULL;
}

bool pipe_has_server(const pipe_name *n)
{
    for (const pipe *p = n->pipes; p; p = p->next)
        if (p->ends[SIDE_SERVER])
            return true;
    return false;
}

/* The client's end starts in byte mode (NpSetConnectedPipeState). */
file *pipe_open_client(pipe *p)
{
    file *f = create_end(p, SIDE_CLIENT);

    p->state = PIPE_STATE_CONNECTED;
    p->tells_user = ways.tells_user_at_once;
    p->read_messages[SIDE_CLIENT] = false;
    end_listening(p, 0);
    return f;
}
