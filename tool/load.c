#include "tool/commands.h"

#include "base/lock.h"
#include "tool/contract.h"
#include "tool/latency.h"
#include "tool/library.h"
#include "tool/load_report.h"
#include "tool/output.h"
#include "tool/sending.h"
#include "tool/sink.h"
#include "tool/stop.h"

#include <string.h>

enum
{
    USUAL_CLIENTS = 10,
    USUAL_MESSAGES = 1000,
    USUAL_SIZE = 64,
    ANSWER_MS = 30000,
    PROGRESS_MS = 1000,
    MEASURED_MOST = 20000000 /* messages in all: each costs four bytes */
};

typedef struct load load;

typedef struct load_client
{
    load *load;
    INamedPipeClientConnection *connection;
    LONGLONG sent_at; /* ticks; its own events alone */
    LONG left;        /* messages; its own events alone */
    LONG ended;       /* Interlocked boolean */
} load_client;

struct load
{
    const options *o;
    load_counts counts;
    ULONG *times;                  /* in 100 ns, one for each answer */
    LONG answers;                  /* Interlocked: of them */
    LONG connected, errors, ended; /* Interlocked */
    BYTE *message;
    load_client *clients;
    HANDLE reached;                         /* an event: a client is connected, or will not be */
    HANDLE all_ended;                       /* an event */
    LONGLONG frequency, began, last_answer; /* ticks; last_answer Interlocked */
    lock lock;
    text_builder error; /* lock; the first one */
};

static LONGLONG ticks(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

/* ---- a client ---- */

static void end_client(load_client *c)
{
    load *l = c->load;

    if (InterlockedExchange(&c->ended, 1))
        return;
    SetEvent(l->reached);
    if (InterlockedIncrement(&l->ended) == l->counts.clients)
        SetEvent(l->all_ended);
}

/* Counts an error; `tell` appends its sentence where it is the first. */
static void count_error(load *l, void (*tell)(text_builder *b, const void *context), const void *context)
{
    InterlockedIncrement(&l->errors);
    lock_acquire(&l->lock);
    if (!l->error.length)
        tell(&l->error, context);
    lock_release(&l->lock);
}

static void tell_event(text_builder *b, const void *context)
{
    const happening *h = context;

    library_event_sentence(b, h->number, h->description);
}

static void tell_text(text_builder *b, const void *context)
{
    const WCHAR *text = context;

    text_builder_append(b, text, (size_t)lstrlenW(text));
}

static void tell_failure(text_builder *b, const void *context)
{
    library_sentence(b, *(const HRESULT *)context);
}

static void send_next(load_client *c)
{
    load *l = c->load;
    HRESULT hr;

    c->sent_at = ticks();
    hr = sending_to_server(c->connection, l->message, (size_t)l->counts.size, 0);
    if (SUCCEEDED(hr))
        return;
    count_error(l, tell_failure, &hr);
    INamedPipeClientConnection_AsyncClose(c->connection, VARIANT_FALSE);
}

static void measure(load_client *c)
{
    load *l = c->load;
    LONGLONG now = ticks();
    double units = (double)(now - c->sent_at) * 1e7 / (double)l->frequency;
    LONG place = InterlockedIncrement(&l->answers) - 1;

    if (place < l->counts.wanted)
        l->times[place] = units < 4294967295.0 ? (ULONG)units : 0xffffffffu;
    InterlockedExchange64(&l->last_answer, now);
    if (--c->left > 0)
        send_next(c);
    else
        INamedPipeClientConnection_AsyncClose(c->connection, VARIANT_TRUE);
}

static void begin(load_client *c)
{
    static const WCHAR no_messages[] = L"The server's pipe carries a stream of bytes and no messages; say by --framing "
                                       L"how it tells its messages apart: lines, length or header.";
    VARIANT_BOOL messages = VARIANT_TRUE;
    load *l = c->load;

    InterlockedIncrement(&l->connected);
    SetEvent(l->reached);
    INamedPipeClientConnection_get_MessageMode(c->connection, &messages);
    if (!messages && l->o->framing == NamedPipeFramingPipe && !l->o->one_way)
    {
        count_error(l, tell_text, no_messages);
        INamedPipeClientConnection_AsyncClose(c->connection, VARIANT_FALSE);
        return;
    }
    send_next(c);
}

static NamedPipeDisconnectReason reason_of(const load_client *c)
{
    NamedPipeDisconnectReason reason = NamedPipeReasonNone;

    INamedPipeClientConnection_get_DisconnectReason(c->connection, &reason);
    return reason;
}

static void on_end(load_client *c)
{
    if (reason_of(c) == NamedPipeReasonServerClosed && c->left > 0)
        count_error(c->load, tell_text, L"The server left before it had answered all.");
    end_client(c);
}

static void on_event(void *context, const happening *h)
{
    load_client *c = context;
    bool one_way = c->load->o->one_way != 0;

    switch (h->kind)
    {
    case NamedPipeEventConnected: begin(c); break;
    case NamedPipeEventMessageReceived:
        if (!one_way && c->left > 0) /* what comes unasked behind the last answer is none */
            measure(c);
        break;
    case NamedPipeEventMessageSent:
        if (one_way && c->left > 0)
            measure(c);
        break;
    case NamedPipeEventError:
        count_error(c->load, tell_event, h);
        if (reason_of(c) == NamedPipeReasonConnectFailed)
            end_client(c); /* no Disconnected follows */
        break;
    case NamedPipeEventDisconnected: on_end(c); break;
    default: break;
    }
}

/* ---- the whole ---- */

static void set_up(const load *l, INamedPipeClientManager *manager)
{
    INamedPipeClientManager_put_Framing(manager, (NamedPipeFraming)l->o->framing);
    if (l->o->most != OPTIONS_NOT_GIVEN)
        INamedPipeClientManager_put_MaxMessageSize(manager, l->o->most);
}

static HRESULT connect_one(load *l, load_client *c, INamedPipeClientManager *manager, BSTR name)
{
    LONG ms = l->o->timeout == OPTIONS_NOT_GIVEN ? ANSWER_MS : l->o->timeout;
    HRESULT hr;

    c->load = l;
    c->left = l->counts.messages;
    hr = INamedPipeClientManager_Connect(manager, name, ms, NULL, &c->connection);
    return FAILED(hr) ? hr : sink_connect_client(c->connection, on_event, c, NULL, NULL);
}

/* Returns whether the first client has reached the server: where there is none it fails at once, and the others are not
 * tried. They wait for a place, if need be, also where the pipe is not there for a moment in their rush. */
static bool has_reached(load *l)
{
    HANDLE handles[3] = {stop_event(), l->all_ended, l->reached};

    if (WaitForMultipleObjects(3, handles, FALSE, INFINITE) != WAIT_OBJECT_0 + 2)
        return false;
    return InterlockedCompareExchange(&l->connected, 0, 0) > 0;
}

static bool connect_all(load *l, INamedPipeClientManager *manager)
{
    BSTR name = SysAllocString(l->o->operands[0]);
    HRESULT hr;

    set_up(l, manager);
    INamedPipeClientManager_put_WaitForServer(manager, VARIANT_FALSE);
    l->began = ticks();
    hr = connect_one(l, &l->clients[0], manager, name);
    INamedPipeClientManager_put_WaitForServer(manager, VARIANT_TRUE);
    if (SUCCEEDED(hr) && has_reached(l))
    {
        for (LONG i = 1; i < l->counts.clients && SUCCEEDED(hr); i++)
            hr = connect_one(l, &l->clients[i], manager, name);
    }
    else
        SetEvent(l->all_ended);
    SysFreeString(name);
    return SUCCEEDED(hr) || library_complain(hr);
}

/* Until all have ended, Ctrl+C, or nothing has come for --timeout. */
static void wait_with_progress(load *l)
{
    HANDLE handles[2] = {stop_event(), l->all_ended};
    ULONGLONG patience = l->o->timeout == OPTIONS_NOT_GIVEN ? ANSWER_MS
                         : l->o->timeout < 0                ? ~0ull
                                                            : (ULONGLONG)l->o->timeout;
    ULONGLONG moved_at = GetTickCount64();
    LONG moved = 0;

    for (;;)
    {
        DWORD ms = patience < PROGRESS_MS ? (DWORD)patience + 1 : PROGRESS_MS;
        LONG answers;

        if (WaitForMultipleObjects(2, handles, FALSE, ms) != WAIT_TIMEOUT)
            return;
        answers = InterlockedCompareExchange(&l->answers, 0, 0);
        load_report_progress(&l->counts, answers, (double)(ticks() - l->began) / (double)l->frequency);
        if (answers != moved)
            moved_at = GetTickCount64();
        else if (GetTickCount64() - moved_at >= patience)
        {
            count_error(l, tell_text,
                        L"No answer came within --timeout; see whether the server is alive and answers, "
                        L"or needs --framing.");
            return;
        }
        moved = answers;
    }
}

static exit_code report(load *l)
{
    LONG answers = InterlockedCompareExchange(&l->answers, 0, 0);
    LONGLONG end = answers > 0 ? InterlockedCompareExchange64(&l->last_answer, 0, 0) : ticks();
    load_result r = {0};

    r.answers = answers < l->counts.wanted ? answers : l->counts.wanted;
    r.connected = InterlockedCompareExchange(&l->connected, 0, 0);
    r.errors = InterlockedCompareExchange(&l->errors, 0, 0);
    r.seconds = (double)(end - l->began) / (double)l->frequency;
    r.is_stopped = answers < l->counts.wanted && output_is_whole() && WaitForSingleObject(stop_event(), 0) == 0;
    r.times = l->times;
    lock_acquire(&l->lock);
    text_builder_add(&l->error, 0);
    r.error = l->error.state == TEXT_GOOD && l->error.length > 1 ? l->error.text : NULL;
    lock_release(&l->lock);
    latency_sort(l->times, (size_t)r.answers);
    load_report(&l->counts, &r, l->o->json != 0);
    return r.errors || r.answers < l->counts.wanted || !output_is_whole() ? EXIT_FAILED : EXIT_DONE;
}

static LONG given(LONG value, LONG usual)
{
    return value == OPTIONS_NOT_GIVEN ? usual : value;
}

static bool prepare(load *l, const options *o)
{
    LARGE_INTEGER frequency;

    l->o = o;
    l->counts.clients = given(o->clients, USUAL_CLIENTS);
    l->counts.messages = given(o->messages, USUAL_MESSAGES);
    l->counts.size = given(o->size, USUAL_SIZE);
    l->counts.one_way = o->one_way != 0;
    QueryPerformanceFrequency(&frequency);
    l->frequency = frequency.QuadPart;
    if ((LONGLONG)l->counts.clients * l->counts.messages > MEASURED_MOST)
        return false;
    l->counts.wanted = l->counts.clients * l->counts.messages;
    l->times = mem_alloc((size_t)l->counts.wanted * sizeof(*l->times));
    l->clients = mem_alloc((size_t)l->counts.clients * sizeof(*l->clients));
    l->message = mem_alloc((size_t)l->counts.size + 1);
    l->reached = CreateEventW(NULL, TRUE, FALSE, NULL);
    l->all_ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!l->message)
        return false;
    for (LONG i = 0; i < l->counts.size; i++) /* text, without a line end */
        l->message[i] = (BYTE)('a' + i % 26);
    return l->times && l->clients && l->reached && l->all_ended;
}

exit_code load_run(const options *o)
{
    static load l; /* there as long as an event may come */
    INamedPipeClientManager *manager;
    bool good;

    if (!prepare(&l, o))
    {
        output_complaint(
            L"--clients times --messages may be 20000000 at most, and that many must fit into memory; give "
            L"less.");
        return EXIT_USAGE;
    }
    library_names(o->operands[0]);
    manager = library_open() ? library_manager() : NULL;
    good = manager && connect_all(&l, manager);
    if (good)
        wait_with_progress(&l);
    if (manager)
        INamedPipeClientManager_Stop(manager);
    return good ? report(&l) : EXIT_FAILED;
}
