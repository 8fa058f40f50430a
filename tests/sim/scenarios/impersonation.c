#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "peers.h"
#include "pipe/call.h"
#include "scenario.h"
#include "security.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static bool anonymously;

/* A handler forgets to act as itself again: everything after it on this worker acts as the client. */
static void impersonate_sometimes(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind != PIPE_DISCONNECTED && choose(2))
        impersonate(choose(2));
}

/* The thread acts as somebody else before and after, and the call itself as the process. A thread that acts for nobody
 * in particular cannot: its token could not be restored. */
static void call_as_another(watch *buffers)
{
    BYTE data[50];
    bool is_missing = choose(4) == 0;
    exchange of = {.data = data, .size = sizeof(data), .timeout = 60000, .wait = wait_for};
    DWORD expected = anonymously ? ERROR_CANT_OPEN_ANONYMOUS : is_missing ? ERROR_FILE_NOT_FOUND : 0;
    buffer *answer;
    DWORD bytes, error;

    of.path = is_missing ? L"\\\\.\\pipe\\missing" : SIM_PATH;
    of.buffers = &buffers->supplies.buffers;
    message_fill(data, sizeof(data), 3, 0);
    impersonate(anonymously);
    error = call_perform(&of, &answer, &bytes);
    if (!impersonate_no_more() && !faults_made())
        fail("a call takes the thread's token away");
    if (error != expected && !faults_made())
        fail("a call of a thread that acts as somebody else gives %u", error);
    if (!error)
        of.buffers->free(of.buffers, answer);
}

static void start_anonymously(void)
{
    watch server;
    DWORD error;

    watch_begin(&server);
    error = engine_open(&server.settings, &server.owner, &server.engine);
    impersonate(true);
    if (!error)
        error = engine_listen(server.engine);
    if (!impersonate_no_more())
        fail("engine_listen takes the thread's token away");
    if (error != ERROR_CANT_OPEN_ANONYMOUS && !faults_made())
        fail("engine_listen on a thread that acts anonymously gives %u", error);
    if (!error)
        watch_stop(&server, CLOSE_AT_ONCE);
    else if (server.engine)
        WaitForSingleObject(engine_ended(server.engine), INFINITE);
    watch_end(&server);
}

static void be_served(void)
{
    for (DWORD number = 1; number < 3; number++)
    {
        peer client;

        peer_open(&client, number, false);
        peer_write(&client, 20);
        peer_read(&client);
        peer_close(&client);
    }
}

/* Threads act as somebody else: the one that starts the server, workers after a handler, a caller. The pipes are the
 * process's all the same. */
void scenario_impersonation(void)
{
    bool starts;
    watch server;

    anonymously = choose(2);
    if (anonymously)
        start_anonymously();
    watch_begin(&server);
    server.on_event = impersonate_sometimes;
    server.settings.backlog = 1;
    impersonate(false);
    starts = watch_start(&server);
    if (!impersonate_no_more() && !faults_made())
        fail("engine_listen takes the thread's token away");
    if (starts)
    {
        be_served();
        call_as_another(&server);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}
