#include "tool/relay.h"

#include "tool/sending.h"

relay *relay_create(void *owner, INamedPipeServerConnection *client, LONG id)
{
    relay *r = mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    r->owner = owner;
    r->id = id;
    r->references = 1;
    r->client = client;
    INamedPipeServerConnection_AddRef(client);
    return r;
}

void relay_hold(relay *r)
{
    InterlockedIncrement(&r->references);
}

void relay_release(relay *r)
{
    if (InterlockedDecrement(&r->references) > 0)
        return;
    if (r->server)
        INamedPipeClientConnection_Release(r->server);
    INamedPipeServerConnection_Release(r->client);
    mem_free(r);
}

/* ---- what goes on ---- */

static VARIANT missing(void)
{
    VARIANT v;

    VariantInit(&v);
    V_VT(&v) = VT_ERROR;
    V_ERROR(&v) = DISP_E_PARAMNOTFOUND;
    return v;
}

static bool asks(relay *r, flow *f)
{
    bool may;

    lock_acquire(&r->lock);
    may = flow_asks(f);
    lock_release(&r->lock);
    return may;
}

/* Where asking fails that side is at its end, which its event tells. */
void relay_ask_client(relay *r)
{
    if (asks(r, &r->to_server))
        INamedPipeServerConnection_AsyncRead(r->client, missing());
}

void relay_ask_server(relay *r)
{
    if (asks(r, &r->to_client))
        INamedPipeClientConnection_AsyncRead(r->server, missing());
}

static void came(relay *r, flow *f, size_t size)
{
    lock_acquire(&r->lock);
    flow_came(f, size);
    lock_release(&r->lock);
}

static void taken(relay *r, flow *f, size_t size)
{
    lock_acquire(&r->lock);
    flow_taken(f, size);
    lock_release(&r->lock);
}

/* Where sending fails the other side is at its end. Then this side is ended when its event has come, and until then
 * what it says has nowhere to go. */
void relay_to_server(relay *r, const BYTE *data, size_t size)
{
    came(r, &r->to_server, size);
    if (FAILED(sending_to_server(r->server, data, size, (LONG)size)))
        taken(r, &r->to_server, size);
    relay_ask_client(r);
}

void relay_to_client(relay *r, const BYTE *data, size_t size)
{
    came(r, &r->to_client, size);
    if (FAILED(sending_to_client(r->client, data, size, (LONG)size)))
        taken(r, &r->to_client, size);
    relay_ask_server(r);
}

void relay_server_took(relay *r, size_t size)
{
    taken(r, &r->to_server, size);
    relay_ask_client(r);
}

void relay_client_took(relay *r, size_t size)
{
    taken(r, &r->to_client, size);
    relay_ask_server(r);
}

/* ---- ends ---- */

static bool left(relay *r, bool *this_one, const bool *other_one)
{
    bool both;

    lock_acquire(&r->lock);
    both = !*this_one && *other_one;
    *this_one = true;
    flow_end(&r->to_server);
    flow_end(&r->to_client);
    lock_release(&r->lock);
    return both;
}

bool relay_client_left(relay *r)
{
    bool both = left(r, &r->client_left, &r->server_left);

    INamedPipeClientConnection_AsyncClose(r->server, VARIANT_TRUE);
    return both;
}

bool relay_server_left(relay *r)
{
    bool both = left(r, &r->server_left, &r->client_left);

    INamedPipeServerConnection_AsyncClose(r->client, VARIANT_TRUE);
    return both;
}
