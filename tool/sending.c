#include "tool/sending.h"

#include <string.h>

HRESULT sending_variant(const BYTE *data, size_t size, VARIANT *out)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, (ULONG)size);
    void *place;

    VariantInit(out);
    if (!array)
        return E_OUTOFMEMORY;
    if (size > 0 && SUCCEEDED(SafeArrayAccessData(array, &place)))
    {
        memcpy(place, data, size);
        SafeArrayUnaccessData(array);
    }
    V_VT(out) = VT_ARRAY | VT_UI1;
    V_ARRAY(out) = array;
    return S_OK;
}

static VARIANT number(LONG value)
{
    VARIANT v;

    VariantInit(&v);
    V_VT(&v) = VT_I4;
    V_I4(&v) = value;
    return v;
}

/* AsyncWrite sends nothing where there is nothing to send; AsyncWriteText sends a message of no bytes. */
HRESULT sending_to_client(INamedPipeServerConnection *client, const BYTE *data, size_t size, LONG cookie)
{
    VARIANT v;
    HRESULT hr;

    if (!size)
        return INamedPipeServerConnection_AsyncWriteText(client, NULL, CP_UTF8, number(cookie));
    hr = sending_variant(data, size, &v);
    if (SUCCEEDED(hr))
        hr = INamedPipeServerConnection_AsyncWrite(client, v, number(cookie));
    VariantClear(&v);
    return hr;
}

HRESULT sending_to_server(INamedPipeClientConnection *server, const BYTE *data, size_t size, LONG cookie)
{
    VARIANT v;
    HRESULT hr;

    if (!size)
        return INamedPipeClientConnection_AsyncWriteText(server, NULL, CP_UTF8, number(cookie));
    hr = sending_variant(data, size, &v);
    if (SUCCEEDED(hr))
        hr = INamedPipeClientConnection_AsyncWrite(server, v, number(cookie));
    VariantClear(&v);
    return hr;
}
