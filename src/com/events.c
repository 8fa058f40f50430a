#include "com/events.h"

const event_shape server_events[EVENT_SHAPES] = {
    [PIPE_READY] = {.kind = NamedPipeEventServerReady, .name = L"ServerReady", .id = 1},
    [PIPE_CONNECTED] = {.kind = NamedPipeEventClientConnected, .name = L"ClientConnected", .id = 2, .connection = true},
    [PIPE_DISCONNECTED] = {.kind = NamedPipeEventClientDisconnected,
                           .name = L"ClientDisconnected",
                           .id = 3,
                           .connection = true},
    [PIPE_MESSAGE] = {.kind = NamedPipeEventClientMessageReceived,
                      .name = L"ClientMessageReceived",
                      .id = 4,
                      .connection = true,
                      .cookie = true,
                      .data = true},
    [PIPE_SENT] = {.kind = NamedPipeEventClientMessageSent,
                   .name = L"ClientMessageSent",
                   .id = 5,
                   .connection = true,
                   .cookie = true},
    [PIPE_CONNECTION_ERROR] =
        {.kind = NamedPipeEventClientError, .name = L"ClientError", .id = 6, .connection = true, .error = true},
    [PIPE_SERVER_ERROR] = {.kind = NamedPipeEventServerError, .name = L"ServerError", .id = 7, .error = true},
};

const event_shape client_events[EVENT_SHAPES] = {
    [PIPE_CONNECTED] = {.kind = NamedPipeEventConnected, .name = L"Connected", .id = 1},
    [PIPE_DISCONNECTED] = {.kind = NamedPipeEventDisconnected, .name = L"Disconnected", .id = 2},
    [PIPE_MESSAGE] =
        {.kind = NamedPipeEventMessageReceived, .name = L"MessageReceived", .id = 3, .cookie = true, .data = true},
    [PIPE_SENT] = {.kind = NamedPipeEventMessageSent, .name = L"MessageSent", .id = 4, .cookie = true},
    [PIPE_CONNECTION_ERROR] = {.kind = NamedPipeEventError, .name = L"Error", .id = 5, .error = true},
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
