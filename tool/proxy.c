/* A listener in the middle: for each client that comes a connection to the other pipe; what one says goes to the other.
 *
 * Each direction asks for one message at a time, and for the next one when little waits to be taken at the far end: so
 * a slow reader slows the writer, and memory is bounded. */

#include "tool/commands.h"

#include "tool/library.h"
#include "tool/line.h"
#include "tool/listening.h"
#include "tool/output.h"
#include "tool/relay.h"
#include "tool/report.h"
#include "tool/sink.h"
#include "tool/stop.h"

enum
{
    CONNECT_MS = 5000,
    MESSAGE_MOST = 67108864 /* bytes of one message, unless --max-size says otherwise */
};

typedef struct proxy
{
    const options *o;
    INamedPipeClientManager *manager;
    BSTR other; /* the name of the other pipe */
    lock lock;
    list relays; /* lock */
} proxy;

/* ---- the relays ---- */

static void add(proxy *p, relay *r)
{
    relay_hold(r);
    lock_acquire(&p->lock);
    list_append(&p->relays, &r->link);
    lock_release(&p->lock);
}

/* Returns the relay of a client, with a reference; NULL: it has none. */
static relay *find(proxy *p, LONG id)
{
    relay *found = NULL;

    lock_acquire(&p->lock);
    for (list_link *link = list_first(&p->relays); link && !found; link = list_next(&p->relays, link))
    {
        relay *r = CONTAINING_RECORD(link, relay, link);

        if (r->id == id)
            found = r;
    }
    if (found)
        relay_hold(found);
    lock_release(&p->lock);
    return found;
}

/* Both sides have left. */
static void finish(proxy *p, relay *r)
{
    lock_acquire(&p->lock);
    list_remove(&r->link);
    lock_release(&p->lock);
    sink_disconnect(r->server, r->cookie);
    relay_release(r);
    if (p->o->once)
        stop_request();
}

/* ---- the other pipe's side ---- */

static bool has_failed_to_connect(relay *r)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;

    INamedPipeClientConnection_get_DisconnectReason(r->server, &reason);
    return reason == NamedPipeReasonConnectFailed;
}

static void tell_error(proxy *p, relay *r, const happening *h)
{
    text_builder sentence = {0};

    line_text(&sentence, L"the other pipe: ");
    library_event_sentence(&sentence, h->number, h->description);
    text_builder_add(&sentence, 0);
    if (sentence.state == TEXT_GOOD)
        report_error(p->o, r->id, sentence.text);
    text_builder_fini(&sentence);
}

static void tell_end(proxy *p, relay *r)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;

    INamedPipeClientConnection_get_DisconnectReason(r->server, &reason);
    if (reason == NamedPipeReasonServerClosed) /* else the proxy has closed it, since the client left */
        report_ended(p->o, r->id, library_reason(reason));
}

static void on_server_event(void *context, const happening *h)
{
    relay *r = context;
    proxy *p = r->owner;

    switch (h->kind)
    {
    case NamedPipeEventConnected: relay_ask_server(r); break;
    case NamedPipeEventMessageReceived:
        report_message(p->o, r->id, false, h->data, h->size);
        relay_to_client(r, h->data, h->size);
        break;
    case NamedPipeEventMessageSent: relay_server_took(r, (size_t)h->cookie); break;
    case NamedPipeEventError:
        tell_error(p, r, h);
        if (has_failed_to_connect(r) && relay_server_left(r)) /* no Disconnected follows */
            finish(p, r);
        break;
    case NamedPipeEventDisconnected:
        tell_end(p, r);
        if (relay_server_left(r))
            finish(p, r);
        break;
    default: break;
    }
}

static void let_go(void *context)
{
    relay_release(context);
}

/* ---- the client's side ---- */

static void refuse(const proxy *p, INamedPipeServerConnection *client, HRESULT hr)
{
    text_builder sentence = {0};

    library_sentence(&sentence, hr);
    text_builder_add(&sentence, 0);
    if (sentence.state == TEXT_GOOD)
        report_error(p->o, report_id(client), sentence.text);
    text_builder_fini(&sentence);
    INamedPipeServerConnection_AsyncClose(client, VARIANT_FALSE);
    if (p->o->once)
        stop_request();
}

static HRESULT connect_on(proxy *p, relay *r)
{
    LONG ms = p->o->timeout == OPTIONS_NOT_GIVEN ? CONNECT_MS : p->o->timeout;
    HRESULT hr = INamedPipeClientManager_Connect(p->manager, p->other, ms, NULL, &r->server);

    if (FAILED(hr))
        return hr;
    add(p, r);
    relay_hold(r);
    hr = sink_connect_client(r->server, on_server_event, r, let_go, &r->cookie);
    if (FAILED(hr))
    {
        lock_acquire(&p->lock);
        list_remove(&r->link);
        lock_release(&p->lock);
        relay_release(r);
    }
    return hr;
}

static void on_connected(proxy *p, INamedPipeServerConnection *client)
{
    relay *r = relay_create(p, client, report_id(client));
    HRESULT hr = r ? connect_on(p, r) : E_OUTOFMEMORY;

    listening_greet(p->o, client);
    if (FAILED(hr))
        refuse(p, client, hr);
    else
        relay_ask_client(r);
    if (r)
        relay_release(r);
}

static void on_client_event(proxy *p, relay *r, const happening *h)
{
    switch (h->kind)
    {
    case NamedPipeEventClientMessageReceived:
        listening_tell_user(p->o, h->client);
        report_message(p->o, r->id, true, h->data, h->size);
        relay_to_server(r, h->data, h->size);
        break;
    case NamedPipeEventClientMessageSent: relay_client_took(r, (size_t)h->cookie); break;
    case NamedPipeEventClientDisconnected:
        listening_tell_end(p->o, h->client);
        if (relay_client_left(r))
            finish(p, r);
        break;
    default: break;
    }
}

static void on_event(void *context, const happening *h)
{
    proxy *p = context;
    relay *r = h->client ? find(p, report_id(h->client)) : NULL;

    if (h->kind == NamedPipeEventClientConnected)
        on_connected(p, h->client);
    else if (h->kind == NamedPipeEventClientError || h->kind == NamedPipeEventServerError)
        listening_tell_error(p->o, h);
    else if (r)
        on_client_event(p, r, h);
    if (r)
        relay_release(r);
}

/* ---- the whole ---- */

/* What waits is bounded by the relays; the library need not. */
static void prepare(proxy *p, INamedPipeServer *server)
{
    LONG most = p->o->most == OPTIONS_NOT_GIVEN ? MESSAGE_MOST : p->o->most;

    INamedPipeServer_put_ContinuouslyReadFromPipe(server, VARIANT_FALSE);
    INamedPipeServer_put_SendQueueLimit(server, 0);
    INamedPipeClientManager_put_ContinuouslyReadFromPipe(p->manager, VARIANT_FALSE);
    INamedPipeClientManager_put_SendQueueLimit(p->manager, 0);
    INamedPipeClientManager_put_WaitForServer(p->manager, VARIANT_FALSE);
    INamedPipeClientManager_put_Framing(p->manager, (NamedPipeFraming)p->o->framing);
    INamedPipeClientManager_put_MaxMessageSize(p->manager, most);
    INamedPipeServer_put_MaxMessageSize(server, most);
}

static exit_code proxy_with(proxy *p, INamedPipeServer *server)
{
    HRESULT hr;

    prepare(p, server);
    hr = sink_connect_server(server, on_event, p);
    if (SUCCEEDED(hr))
        hr = listening_start(server, p->o);
    if (FAILED(hr))
    {
        library_complain(hr);
        return EXIT_FAILED;
    }
    report_listening(p->o, server);
    WaitForSingleObject(stop_event(), INFINITE);
    INamedPipeServer_Stop(server, 0);
    INamedPipeClientManager_Stop(p->manager);
    report_summary(p->o, server);
    return output_is_whole() && !report_has_failed() ? EXIT_DONE : EXIT_FAILED;
}

exit_code proxy_run(const options *o)
{
    static proxy p; /* there as long as an event may come */
    INamedPipeServer *server;
    exit_code code;

    library_names(o->operands[1]);
    p.o = o;
    list_init(&p.relays);
    server = library_open() ? library_server() : NULL;
    p.manager = server ? library_manager() : NULL;
    p.other = SysAllocString(o->operands[1]);
    code = server && p.manager && p.other ? proxy_with(&p, server) : EXIT_FAILED;
    if (p.manager)
        INamedPipeClientManager_Release(p.manager);
    if (server)
        INamedPipeServer_Release(server);
    return code;
}
