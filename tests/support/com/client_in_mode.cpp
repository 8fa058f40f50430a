#include "support/com/client_in_mode.h"

#include <gtest/gtest.h>

extern "C" HRESULT NamedPipeClientManager_create(REFIID riid, void **out);

const wchar_t *name_in(const std::wstring &path)
{
    return path.c_str() + lstrlenW(L"\\\\.\\pipe\\");
}

client_in_mode::client_in_mode(event_mode mode, LONG threads)
{
    NamedPipeClientManager_create(IID_INamedPipeClientManager, object.put_void());
    object->put_FreeThreadingEvents(mode == event_mode::free_threaded ? VARIANT_TRUE : VARIANT_FALSE);
    object->put_NumThreadsIOCP(threads);
}

client_ptr client_in_mode::connect(const std::wstring &path, LONG timeout)
{
    client_ptr made;

    EXPECT_EQ(object->Connect(bstr(name_in(path)).get(), timeout, bstr(L".").get(), made.put()), S_OK);
    return made;
}

HRESULT client_in_mode::try_connect(const wchar_t *name, const wchar_t *server, LONG timeout)
{
    client_ptr made;
    HRESULT hr = object->Connect(bstr(name).get(), timeout, bstr(server).get(), made.put());

    EXPECT_EQ(static_cast<bool>(made), SUCCEEDED(hr));
    return hr;
}

std::string client_in_mode::call(const std::wstring &path, const wchar_t *text, LONG timeout)
{
    return call_name(name_in(path), text, timeout);
}

std::string client_in_mode::call_name(const wchar_t *name, const wchar_t *text, LONG timeout)
{
    bstr answer;
    HRESULT hr = object->CallText(bstr(name).get(), bstr(text).get(), timeout, bstr(L".").get(), 65001, answer.put());
    char code[16];

    wsprintfA(code, "(0x%08X)", static_cast<unsigned>(hr));
    if (FAILED(hr))
        return code;
    return std::string(answer.get(), answer.get() + SysStringLen(answer.get()));
}

static com_ptr<IConnectionPoint> point_of(const client_ptr &client)
{
    com_ptr<IConnectionPointContainer> container;
    com_ptr<IConnectionPoint> point;

    client->QueryInterface(IID_IConnectionPointContainer, container.put_void());
    container->FindConnectionPoint(DIID__INamedPipeClientConnectionEvents, point.put());
    return point;
}

DWORD advise_client(const client_ptr &client, std::shared_ptr<event_log> log, event_handler handler, sink_nature nature)
{
    return advise_client(client, make_recording_sink(std::move(log), nature, std::move(handler)).get());
}

DWORD advise_client(const client_ptr &client, IDispatch *sink)
{
    DWORD cookie = 0;

    EXPECT_EQ(point_of(client)->Advise(sink, &cookie), S_OK);
    return cookie;
}

HRESULT unadvise_client(const client_ptr &client, DWORD cookie)
{
    return point_of(client)->Unadvise(cookie);
}

HRESULT write_text(const client_ptr &client, const wchar_t *text, const VARIANT &cookie)
{
    return client->AsyncWriteText(bstr(text).get(), 65001, cookie);
}

bool is_connected(const client_ptr &client)
{
    VARIANT_BOOL connected = VARIANT_FALSE;

    client->get_IsConnected(&connected);
    return connected != VARIANT_FALSE;
}

bool is_opening(const client_ptr &client)
{
    VARIANT_BOOL opening = VARIANT_FALSE;

    client->get_IsOpening(&opening);
    return opening != VARIANT_FALSE;
}

NamedPipeDisconnectReason reason_of(const client_ptr &client)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;

    client->get_DisconnectReason(&reason);
    return reason;
}
