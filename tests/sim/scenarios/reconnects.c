#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "messages.h"
#include "names.h"
#include "scenario.h"
#include "scheduler.h"
#include "service.h"
#include "threads.h"
#include "watch_engine.h"

#define PATIENCE_MS 60000
#define MESSAGES_MOST 3

/* One story. */
static struct
{
    HANDLE over;      /* the consumer has done all */
    redialed *client; /* NULL: released, or none */
    DWORD pause;      /* ms; the longest */
    bool was_there;   /* a server has answered, so its owner was there to be looked at */
    bool ended;       /* the manager has stopped, or the client was closed */
    bool replaced;    /* a stranger had the name */
    uint64_t until;   /* where calls fail on purpose, for good maybe, it is waited no longer */
    unsigned strangers_told;
} story;

static void end_some_way(host *h, endpoint *e)
{
    (void)e;
    switch (choose(3))
    {
    case 0: client_close(story.client, CLOSE_AT_ONCE); break;
    case 1: client_close(story.client, CLOSE_GRACEFULLY); break;
    default: host_stop(h, 0);
    }
    story.ended = true;
}

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    story.was_there |= event->kind == PIPE_MESSAGE;
    if (event->kind == PIPE_CONNECTED && !e->view.accepted) /* not again for a second sink */
        view_write_messages(&e->view, 1 + choose(MESSAGES_MOST), MESSAGE_HEAD, 200);
    story.strangers_told += event->kind == PIPE_CONNECTION_ERROR && event->error == PIPE_ERROR_OTHER_OWNER;
    if (story.client && !story.ended && choose(100) == 0)
        end_some_way(h, e);
}

/* ---- the server ---- */

/* A name that a client still holds keeps its owner: then it is not taken. */
static bool take_name(foreign *other)
{
    if (!foreign_open(other, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        return false;
    if (foreign_owner(other) != NAMES_OWNER_AT_FIRST)
        return true;
    foreign_close(other);
    return false;
}

/* The pipe belongs to somebody else for a while, who must get nothing. */
static void be_replaced(void)
{
    foreign other;
    BYTE data[256];
    DWORD bytes;

    names_own_as(NAMES_OWNER_AT_FIRST + 1);
    if (take_name(&other))
    {
        story.replaced = true;
        while (foreign_await(&other, 1 + choose(3000)))
        {
            if (foreign_read(&other, data, sizeof(data), &bytes, 1000) == 0 && !faults_made())
                fail("a server of another owner gets a message");
            foreign_close(&other);
            if (!take_name(&other) || choose(2))
                break;
        }
        foreign_close(&other);
    }
    names_own_as(NAMES_OWNER_AT_FIRST);
}

static void serve_for_a_while(void)
{
    watch server;

    watch_begin(&server);
    server.name_may_be_held = story.replaced;
    if (watch_start(&server))
    {
        Sleep(choose(3) || story.pause == 100 ? choose(400)
                                              : choose(6000)); /* tries that fail come one after another */
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    Sleep(choose(600));
}

static bool is_back_or_over(void *of)
{
    const redialed *c = story.client;
    const watch *server = of;

    if (story.ended || !c || c->over || (faults_made() && scheduler_now() > story.until))
        return true;
    return server->connected && c->told && c->told->session == c->sessions && !c->told->view.disconnected;
}

static void serve_to_the_end(int manager)
{
    watch server;

    watch_begin(&server);
    server.name_may_be_held = story.replaced;
    if (watch_start(&server))
    {
        story.until = scheduler_in(2000);
        expect_within(story.pause + 1000, is_back_or_over, &server, "the next session");
        SetEvent(story.over);
        thread_wait(manager);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

/* ---- the client ---- */

/* Sinks refuse for a while, now and then. */
static void refuse_at_times(void *of)
{
    host *manager = of;

    while (!story.ended)
    {
        Sleep(choose(2000));
        manager->refusing = choose(4);
        Sleep(choose(300));
        manager->refusing = 0;
    }
}

static void run_manager(void *unused)
{
    host manager;
    service threads;
    int refuser = -1;

    (void)unused;
    if (host_begin(&manager, some_way()))
    {
        manager.settings.path = NULL;
        manager.settings.flow.reconnect_pause = story.pause;
        manager.echoes = false;
        manager.on_event = on_event;
        if (host_start(&manager) == 0)
        {
            service_begin(&threads, &manager);
            story.client = client_dial(&manager, PATIENCE_MS);
            if (story.client)
                client_set_sink(story.client, 0, true);
            if (story.client && choose(3) == 0)
                client_set_sink(story.client, 1, true);
            if (choose(2))
                refuser = thread_begin(refuse_at_times, &manager, "refuser");
            service_run(&threads, story.over);
            story.ended = true;
            if (refuser >= 0)
                thread_wait(refuser);
            if (story.client && choose(2))
                client_close(story.client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
            if (story.client && choose(2))
            {
                redialed *c = story.client;

                story.client = NULL;
                client_release(c);
            }
            host_stop(&manager, choose(2) * 1000);
            service_end(&threads);
            if (story.client && client_is_dialing(story.client))
                fail("a session is dialed after the stop");
            host_settle(&manager);
            if (story.client)
                client_release(story.client);
        }
    }
    host_end(&manager);
    story.ended = true;
}

/* A server goes and comes, and at times another owner has its name; a connection that is dialed again has one session
 * with each server, until it is closed, stopped or released at any moment. */
void scenario_reconnects(void)
{
    static const DWORD pauses[] = {100, 400, 2000};
    int manager;

    memset(&story, 0, sizeof(story));
    story.pause = pauses[choose(3)];
    faults_spare();
    story.over = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    manager = thread_begin(run_manager, NULL, "manager");
    for (uint32_t i = 1 + choose(3); i > 0; i--)
    {
        serve_for_a_while();
        if (story.was_there && choose(2))
            be_replaced();
    }
    serve_to_the_end(manager);
    SetEvent(story.over);
    thread_wait(manager);
    CloseHandle(story.over);
}
