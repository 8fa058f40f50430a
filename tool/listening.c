#include "tool/listening.h"

#include "tool/library.h"
#include "tool/report.h"

HRESULT listening_start(INamedPipeServer *server, const options *o)
{
    BSTR name = SysAllocString(o->operands[0]);
    HRESULT hr = INamedPipeServer_put_PipeName(server, name);

    SysFreeString(name);
    INamedPipeServer_put_Framing(server, (NamedPipeFraming)o->framing);
    INamedPipeServer_put_Security(server, (NamedPipeSecurity)o->security);
    INamedPipeServer_put_AllowRemoteClients(server, o->remote ? VARIANT_TRUE : VARIANT_FALSE);
    if (o->most != OPTIONS_NOT_GIVEN)
        INamedPipeServer_put_MaxMessageSize(server, o->most);
    return FAILED(hr) ? hr : INamedPipeServer_Start(server);
}

/* CustomData of a client is True once it was told who the client is. */
static void mark_told(INamedPipeServerConnection *client)
{
    VARIANT v;

    VariantInit(&v);
    V_VT(&v) = VT_BOOL;
    V_BOOL(&v) = VARIANT_TRUE;
    INamedPipeServerConnection_put_CustomData(client, v);
}

static bool is_told(INamedPipeServerConnection *client)
{
    VARIANT v;

    VariantInit(&v);
    INamedPipeServerConnection_get_CustomData(client, &v);
    return V_VT(&v) == VT_BOOL;
}

static bool has_name(INamedPipeServerConnection *client)
{
    BSTR user = NULL;
    bool known;

    INamedPipeServerConnection_get_ClientUserName(client, &user);
    known = user && *user;
    SysFreeString(user);
    return known;
}

void listening_greet(const options *o, INamedPipeServerConnection *client)
{
    if (has_name(client))
        mark_told(client);
    report_connected(o, client);
}

void listening_tell_user(const options *o, INamedPipeServerConnection *client)
{
    if (is_told(client))
        return;
    report_user(o, client);
    mark_told(client);
}

void listening_tell_error(const options *o, const happening *h)
{
    text_builder sentence = {0};

    library_event_sentence(&sentence, h->number, h->description);
    text_builder_add(&sentence, 0);
    if (sentence.state == TEXT_GOOD)
        report_error(o, h->client ? report_id(h->client) : 0, sentence.text);
    text_builder_fini(&sentence);
}

void listening_tell_end(const options *o, INamedPipeServerConnection *client)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;

    INamedPipeServerConnection_get_DisconnectReason(client, &reason);
    report_ended(o, report_id(client), library_reason(reason));
}
