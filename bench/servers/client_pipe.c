#include "client_pipe.h"

#include <stdio.h>
#include <stdlib.h>

#define BACKLOG 4 /* instances that listen, as the library's ListenBacklog */

typedef struct client_pipe client_pipe;

/* The OVERLAPPED comes first: a packet brings its address. */
typedef struct request
{
    OVERLAPPED overlapped;
    client_pipe *owner;
} request;

struct client_pipe
{
    request reading, writing;
    HANDLE handle;
    client_pipe *next;
    bool connected, is_reading, is_writing;
    DWORD received;
    answer answer;
    BYTE buffer[ROLE_BUFFER];
};

static HANDLE port;
static client_pipe *all;
static unsigned listening;
static char path[MAX_PATH];
static role what;

static void read_on(client_pipe *p);
static void open_instance(void);

static void give_up(const char *function)
{
    fprintf(stderr, "%s: error %lu\n", function, GetLastError());
    exit(2);
}

static void pipe_connected(client_pipe *p)
{
    p->connected = true;
    if (--listening < BACKLOG)
        open_instance();
    read_on(p);
}

static void pipe_listen(client_pipe *p)
{
    listening++;
    if (ConnectNamedPipe(p->handle, &p->reading.overlapped) || GetLastError() == ERROR_PIPE_CONNECTED)
        pipe_connected(p);
    else if (GetLastError() == ERROR_NO_DATA) /* it came and left */
    {
        listening--;
        DisconnectNamedPipe(p->handle);
        pipe_listen(p);
    }
    else if (GetLastError() != ERROR_IO_PENDING)
        give_up("ConnectNamedPipe");
}

static void open_instance(void)
{
    client_pipe *p = calloc(1, sizeof(*p));

    if (!p)
        give_up("calloc");
    p->handle =
        CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                         PIPE_UNLIMITED_INSTANCES, 65536, 65536, 0, NULL);
    if (p->handle == INVALID_HANDLE_VALUE || !CreateIoCompletionPort(p->handle, port, 1, 0) ||
        !SetFileCompletionNotificationModes(p->handle,
                                            FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE))
        give_up("CreateNamedPipe");
    p->reading.owner = p;
    p->writing.owner = p;
    p->next = all;
    all = p;
    pipe_listen(p);
}

static void pipe_left(client_pipe *p)
{
    p->connected = false;
    p->received = 0;
    DisconnectNamedPipe(p->handle);
    pipe_listen(p);
}

/* Returns whether all is written; if not, a packet comes. */
static bool write_on(client_pipe *p)
{
    DWORD bytes;

    while (p->answer.times)
    {
        p->answer.times--;
        if (WriteFile(p->handle, p->answer.data, p->answer.bytes, &bytes, &p->writing.overlapped))
            continue;
        p->is_writing = GetLastError() == ERROR_IO_PENDING;
        return !p->is_writing; /* that the client has left, the next read says */
    }
    return true;
}

/* Returns whether the next read may begin. */
static bool meet(client_pipe *p, DWORD bytes)
{
    answer out;
    client_pipe *to;

    role_meet(&what, &p->received, p->buffer, bytes, &out);
    if (!out.to_all)
    {
        p->answer = out;
        return write_on(p);
    }
    for (to = all; to; to = to->next)
    {
        if (!to->connected || to->is_writing)
            continue;
        to->answer = out;
        write_on(to);
    }
    return !p->is_writing;
}

static void read_on(client_pipe *p)
{
    DWORD bytes;

    do
    {
        if (!ReadFile(p->handle, p->buffer, sizeof(p->buffer), &bytes, &p->reading.overlapped))
        {
            p->is_reading = GetLastError() == ERROR_IO_PENDING;
            if (!p->is_reading)
                pipe_left(p);
            return;
        }
    } while (meet(p, bytes));
}

void client_pipe_completed(OVERLAPPED *ended, DWORD bytes)
{
    request *r = (request *)ended;
    client_pipe *p = r->owner;
    bool failed = ended->Internal != 0;

    if (r == &p->writing)
    {
        p->is_writing = false;
        if (!failed && write_on(p) && !p->is_reading)
            read_on(p);
        return;
    }
    if (!p->connected)
    {
        pipe_connected(p);
        return;
    }
    p->is_reading = false;
    if (failed)
        pipe_left(p);
    else if (meet(p, bytes))
        read_on(p);
}

HANDLE client_pipes_open(int argc, char **argv)
{
    if (argc < 2)
    {
        fprintf(stderr, "usage: PIPE ROLE [SIZE [TOTAL]]\n");
        exit(2);
    }
    role_init(&what, argc - 1, argv + 1);
    role_path(argv[0], path);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (!port)
        give_up("CreateIoCompletionPort");
    while (listening < BACKLOG)
        open_instance();
    return port;
}
