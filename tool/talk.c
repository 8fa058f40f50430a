#include "tool/commands.h"

#include "tool/json_line.h"
#include "tool/keyboard.h"
#include "tool/library.h"
#include "tool/line.h"
#include "tool/message_text.h"
#include "tool/output.h"
#include "tool/sending.h"
#include "tool/sink.h"
#include "tool/stop.h"
#include "tool/view.h"

enum
{
    CONNECT_MS = 5000,
    WAIT_MS = 1000,      /* for what comes after the end of the input */
    CLOSE_MS = 5000,     /* for what is queued to be sent at the end */
    AHEAD_MOST = 1048576 /* bytes that are read from the input and not taken by the pipe */
};

typedef struct talk
{
    const options *o;
    INamedPipeClientConnection *connection;
    HANDLE opened;     /* an event: connected */
    HANDLE over;       /* an event: the connection has ended */
    HANDLE moved;      /* an event, reset by each wait: something came, or went out */
    HANDLE input_over; /* an event: no more lines come */
    LONG failed;       /* Interlocked boolean */
} talk;

/* ---- what comes ---- */

static void show(const options *o, const BYTE *data, size_t size)
{
    text_builder b = {0};

    if (o->json)
    {
        json_begin(&b);
        json_text(&b, L"event", L"message");
        json_message(&b, data, size, o->hex || o->dump);
        json_end(&b);
    }
    else
        view_message(&b, o, data, size, o->limit == OPTIONS_NOT_GIVEN ? 0 : (size_t)o->limit, false);
    output_line(OUTPUT_RESULTS, &b);
}

static void tell_error(talk *t, const happening *h)
{
    text_builder sentence = {0};

    InterlockedExchange(&t->failed, 1);
    library_event_sentence(&sentence, h->number, h->description);
    output_complaint_of(&sentence);
    if (WaitForSingleObject(t->opened, 0) != WAIT_OBJECT_0)
        SetEvent(t->over); /* no Disconnected follows */
}

static void tell_end(talk *t)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;
    text_builder b = {0};

    INamedPipeClientConnection_get_DisconnectReason(t->connection, &reason);
    if (reason == NamedPipeReasonServerClosed)
    {
        line_text(&b, L"The server left.");
        output_line(OUTPUT_REMARKS, &b);
    }
    SetEvent(t->over);
}

static void on_event(void *context, const happening *h)
{
    talk *t = context;

    switch (h->kind)
    {
    case NamedPipeEventConnected: SetEvent(t->opened); break;
    case NamedPipeEventMessageReceived:
        show(t->o, h->data, h->size);
        SetEvent(t->moved);
        break;
    case NamedPipeEventMessageSent: SetEvent(t->moved); break;
    case NamedPipeEventError: tell_error(t, h); break;
    case NamedPipeEventDisconnected: tell_end(t); break;
    default: break;
    }
}

/* ---- what goes ---- */

static double pending(const talk *t)
{
    double size = 0;

    INamedPipeClientConnection_get_PendingSendBytes(t->connection, &size);
    return size;
}

/* A file is read no faster than the server reads. */
static bool hold_back(const talk *t)
{
    HANDLE handles[3] = {stop_event(), t->over, t->moved};

    while (pending(t) > AHEAD_MOST)
    {
        if (WaitForMultipleObjects(3, handles, FALSE, INFINITE) != WAIT_OBJECT_0 + 2)
            return false;
    }
    return true;
}

static bool send_line(talk *t, const bytes *line)
{
    HRESULT hr = sending_to_server(t->connection, line->data, line->size, 0);

    if (SUCCEEDED(hr))
        return hold_back(t);
    if (WaitForSingleObject(t->over, 0) == WAIT_OBJECT_0 || (ULONG)hr == (ULONG)NamedPipeErrorNotConnected)
        return false; /* which the event tells of */
    InterlockedExchange(&t->failed, 1);
    return library_complain(hr);
}

/* With --hex a line is digits. */
static bool parse_line(const bytes *line, bytes *out)
{
    size_t room = line->size + 1;
    WCHAR *text = mem_alloc(room * sizeof(WCHAR));
    int length = text && line->size > 0
                     ? MultiByteToWideChar(CP_UTF8, 0, (const char *)line->data, (int)line->size, text, (int)room)
                     : 0;
    bool good = text && message_text_read(text, (size_t)length, true, out);

    mem_free(text);
    return good;
}

/* A line that is no digits is told of and not sent; further ones may be. */
static bool take_line(talk *t, const bytes *line)
{
    bytes parsed = {0};
    bool good = true;

    if (!t->o->hex)
        return send_line(t, line);
    if (parse_line(line, &parsed))
        good = send_line(t, &parsed);
    else
        InterlockedExchange(&t->failed, 1);
    bytes_fini(&parsed);
    return good;
}

/* A thread, since a read of the keyboard ends with a line alone. It is left behind when the program ends. */
static DWORD WINAPI read_lines(void *context)
{
    talk *t = context;
    keyboard k;
    bytes line = {0};
    bool good = true;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        good = false;
    keyboard_init(&k);
    while (good && keyboard_line(&k, &line))
    {
        good = take_line(t, &line);
        bytes_fini(&line);
    }
    keyboard_fini(&k);
    SetEvent(t->input_over);
    /* On some systems a write ends with the thread that began it, and would be begun again: sent twice. */
    WaitForSingleObject(t->over, INFINITE);
    return 0;
}

/* ---- the whole ---- */

/* After the end of the input: until nothing came for a while. */
static void hear_out(talk *t)
{
    HANDLE handles[3] = {stop_event(), t->over, t->moved};
    DWORD ms = t->o->wait == OPTIONS_NOT_GIVEN ? WAIT_MS : (DWORD)t->o->wait;

    while (WaitForMultipleObjects(3, handles, FALSE, ms) == WAIT_OBJECT_0 + 2)
    {
    }
}

static bool start_reading(talk *t)
{
    HANDLE thread = CreateThread(NULL, 0, read_lines, t, 0, NULL);

    if (!thread)
        return library_complain(HRESULT_FROM_WIN32(GetLastError()));
    CloseHandle(thread);
    return true;
}

static void tell_pending(double size)
{
    text_builder sentence = {0};

    line_text(&sentence, L"The server has not taken ");
    line_fixed(&sentence, size, 0);
    line_text(&sentence, L" bytes of what was written; see whether it reads.");
    output_complaint_of(&sentence);
}

static void talk_until_the_end(talk *t)
{
    HANDLE handles[3] = {stop_event(), t->over, t->opened};

    if (WaitForMultipleObjects(3, handles, FALSE, INFINITE) != WAIT_OBJECT_0 + 2)
        return;
    handles[2] = t->input_over;
    if (!start_reading(t))
        InterlockedExchange(&t->failed, 1);
    else if (WaitForMultipleObjects(3, handles, FALSE, INFINITE) == WAIT_OBJECT_0 + 2)
        hear_out(t);
    INamedPipeClientConnection_AsyncClose(t->connection, VARIANT_TRUE);
    WaitForSingleObject(t->over, CLOSE_MS);
    if (pending(t) > 0 && !InterlockedExchange(&t->failed, 1))
        tell_pending(pending(t));
}

static bool begin(talk *t, INamedPipeClientManager *manager)
{
    LONG ms = t->o->timeout == OPTIONS_NOT_GIVEN ? CONNECT_MS : t->o->timeout;
    BSTR name = SysAllocString(t->o->operands[0]);
    HRESULT hr;

    INamedPipeClientManager_put_Framing(manager, (NamedPipeFraming)t->o->framing);
    INamedPipeClientManager_put_WaitForServer(manager, VARIANT_FALSE);
    if (t->o->most != OPTIONS_NOT_GIVEN)
        INamedPipeClientManager_put_MaxMessageSize(manager, t->o->most);
    hr = INamedPipeClientManager_Connect(manager, name, ms, NULL, &t->connection);
    SysFreeString(name);
    if (SUCCEEDED(hr))
        hr = sink_connect_client(t->connection, on_event, t, NULL, NULL);
    return SUCCEEDED(hr) || library_complain(hr);
}

exit_code talk_run(const options *o)
{
    static talk t; /* the thread of the keyboard may be there to the end */
    INamedPipeClientManager *manager = library_open() ? library_manager() : NULL;

    library_names(o->operands[0]);
    t.o = o;
    t.opened = CreateEventW(NULL, TRUE, FALSE, NULL);
    t.over = CreateEventW(NULL, TRUE, FALSE, NULL);
    t.moved = CreateEventW(NULL, FALSE, FALSE, NULL);
    t.input_over = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!manager || !t.opened || !t.over || !t.moved || !t.input_over)
        return EXIT_FAILED;
    if (!begin(&t, manager))
        return EXIT_FAILED;
    talk_until_the_end(&t);
    INamedPipeClientManager_Stop(manager);
    return InterlockedCompareExchange(&t.failed, 0, 0) || !output_is_whole() ? EXIT_FAILED : EXIT_DONE;
}
