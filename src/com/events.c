#include "com/events.h"

const event_shape server_events[EVENT_SHAPES] = {
    [PIPE_READY] = {NamedPipeEventServerReady, L"ServerReady", 1},
    [PIPE_CONNECTED] = {NamedPipeEventClientConnected, L"ClientConnected", 2, .connection = true},
    [PIPE_DISCONNECTED] = {NamedPipeEventClientDisconnected, L"ClientDisconnected", 3, .connection = true},
    [PIPE_MESSAGE] = {NamedPipeEventClientMessageReceived, L"ClientMessageReceived", 4, .connection = true,
                      .cookie = true, .data = true},
    [PIPE_SENT] = {NamedPipeEventClientMessageSent, L"ClientMessageSent", 5, .connection = true, .cookie = true},
    [PIPE_CONNECTION_ERROR] = {NamedPipeEventClientError, L"ClientError", 6, .connection = true, .error = true},
    [PIPE_SERVER_ERROR] = {NamedPipeEventServerError, L"ServerError", 7, .error = true},
};

const event_shape client_events[EVENT_SHAPES] = {
    [PIPE_CONNECTED] = {NamedPipeEventConnected, L"Connected", 1},
    [PIPE_DISCONNECTED] = {NamedPipeEventDisconnected, L"Disconnected", 2},
    [PIPE_MESSAGE] = {NamedPipeEventMessageReceived, L"MessageReceived", 3, .cookie = true, .data = true},
    [PIPE_SENT] = {NamedPipeEventMessageSent, L"MessageSent", 4, .cookie = true},
    [PIPE_CONNECTION_ERROR] = {NamedPipeEventError, L"Error", 5, .error = true},
};

static const WCHAR *find_name(const event_shape *shapes, NamedPipeEventKind kind)
{
    for (unsigned i = 0; i < EVENT_SHAPES; i++)
        if (shapes[i].name && shapes[i].kind == kind)
            return shapes[i].name;
    return NULL;
}

const WCHAR *event_name(NamedPipeEventKind kind)
{
    const WCHAR *name = find_name(server_events, kind);

    return name ? name : find_name(client_events, kind);
}
