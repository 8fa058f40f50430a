#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/call.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define WRITES 3 /* of the server, under way at any time */
#define LOOKS_MOST 20

static BYTE block[60000];
static bool has_read;
static unsigned looks; /* of the Send, after the server has read its message */

static DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    if (has_read && ++looks > LOOKS_MOST)
        fail("a Send still reads, long after the server has read its message");
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

/* The server's own, which does not fail on purpose. */
static HANDLE create_event(void)
{
    HANDLE event;

    faults_spare();
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    return event;
}

static void run_reader(void *of)
{
    BYTE data[100];
    DWORD bytes;
    foreign reader = {.handle = ((foreign *)of)->handle, .event = create_event()};

    loiter(200);
    has_read = !foreign_read(&reader, data, sizeof(data), &bytes, 60000);
    CloseHandle(reader.event);
}

/* Returns whether the write was begun. */
static bool begin_write(const foreign *h, OVERLAPPED *o)
{
    return WriteFile(h->handle, block, sizeof(block), NULL, o) || GetLastError() == ERROR_IO_PENDING;
}

static void flood(const foreign *h)
{
    OVERLAPPED writes[WRITES] = {{0}};
    bool under_way[WRITES] = {false}, goes_on = true;
    DWORD bytes;

    for (int i = 0; i < WRITES; i++)
        writes[i].hEvent = create_event();
    for (int i = 0; goes_on; i = (i + 1) % WRITES)
    {
        goes_on = !under_way[i] || GetOverlappedResult(h->handle, &writes[i], &bytes, TRUE);
        under_way[i] = goes_on && begin_write(h, &writes[i]);
        goes_on = under_way[i];
    }
    for (int i = 0; i < WRITES; i++)
    {
        if (under_way[i])
            GetOverlappedResult(h->handle, &writes[i], &bytes, TRUE);
        CloseHandle(writes[i].hEvent);
    }
}

static void run_host(void *of)
{
    foreign *h = of;
    int reader;

    if (!foreign_await(h, 60000))
        return;
    reader = thread_begin(run_reader, h, "reader");
    flood(h);
    thread_wait(reader);
    foreign_close(h);
}

/* A server has always more written than was read, and reads a Send's message in between: the Send ends soon then. */
void scenario_flooded_sends(void)
{
    exchange of = {.path = SIM_PATH, .data = "question", .size = 8, .timeout = 2000, .wait = wait_for};
    watch buffers;
    foreign h;
    int thread;
    buffer *answer;
    DWORD bytes;

    of.is_one_way = true;
    has_read = false;
    looks = 0;
    watch_begin(&buffers);
    of.buffers = &buffers.supplies.buffers;
    if (!foreign_open_without_buffers(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    if (call_perform(&of, &answer, &bytes) == PIPE_ERROR_TIMED_OUT && has_read)
        fail("the time of a Send is up, and the server has read its message");
    thread_wait(thread);
    foreign_close(&h);
    watch_end(&buffers);
}
