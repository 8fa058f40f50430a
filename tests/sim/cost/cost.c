/* cost.c: a program to be counted. With NAME and MESSAGES it runs one of the servers below, which echoes so many
 * messages of 64 bytes; without, it lists their names. The difference between two runs of different length is what a
 * message costs; tests/sim/cost/measure takes it.
 *
 * Each thread runs until it blocks, no call fails, and nothing is left to chance, so that two runs are the same. */

#include "faults.h"
#include "kernel.h"
#include "peers.h"
#include "pipe/peek.h"
#include "random.h"
#include "scenario.h"
#include "scheduler.h"
#include "strategy.h"
#include "threads.h"
#include "watch_engine.h"
#include "watch_queue.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_BYTES 64

typedef struct cost
{
    const char *name;
    void (*serve)(void); /* starts a server, lets clients come, and stops it when `all_left` is set */
    unsigned clients;
} cost;

static void serve_by_engine(void);
static void serve_by_window(void);
static void serve_by_workers(void);

/* A name is what cost.txt calls it. */
static const cost costs[] = {
    {"engine-1", serve_by_engine, 1},
    {"engine-8", serve_by_engine, 8},
    {"window-1", serve_by_window, 1},
    {"window-8", serve_by_window, 8},
    {"workers-1", serve_by_workers, 1},
    {"workers-8", serve_by_workers, 8},
    {NULL, NULL, 0},
};

static const cost *counted;
static unsigned long messages;
static HANDLE all_left;

/* ---- chance, of which there is none ---- */

uint32_t choose(uint32_t n)
{
    (void)n;
    return 0;
}

void loiter(uint32_t steps)
{
    (void)steps;
}

/* ---- what is counted ---- */

/* All write, then all read: the server finds as many requests ended as there are clients. Time stands still meanwhile,
 * so that what the server does once a second is not counted. */
static void exchange(peer *peers)
{
    scheduler_clock_held++;
    for (unsigned long round = messages / counted->clients; round > 0; round--)
    {
        for (unsigned i = 0; i < counted->clients; i++)
            peer_write(&peers[i], MESSAGE_BYTES);
        for (unsigned i = 0; i < counted->clients; i++)
            peer_read(&peers[i]);
    }
    scheduler_clock_held--;
}

static void clients(void *unused)
{
    peer peers[PEERS_MOST];

    (void)unused;
    for (unsigned i = 0; i < counted->clients; i++)
        peer_open(&peers[i], i, false);
    exchange(peers);
    for (unsigned i = 0; i < counted->clients; i++)
        peer_close(&peers[i]);
    SetEvent(all_left);
}

/* Those of a server. */
static void use_defaults(engine_settings *settings)
{
    settings->threads = 1;
    settings->backlog = 4;
    settings->flow = (flow_settings){
        .buffer_size = 131072, .read_continuously = true, .receive_limit = 16777216, .send_limit = 67108864};
}

/* The engine alone: its owner answers inside its event. */
static void serve_by_engine(void)
{
    watch server;

    watch_begin(&server);
    use_defaults(&server.settings);
    if (watch_start(&server))
    {
        thread_begin(clients, NULL, "clients");
        WaitForSingleObject(all_left, INFINITE);
        watch_stop(&server, CLOSE_AT_ONCE);
    }
    watch_end(&server);
}

/* Handlers answer, which deliver calls by `way`. */
static void serve_by_host(queue_way way)
{
    host server;

    if (host_begin(&server, way))
    {
        use_defaults(&server.settings);
        server.pumps = true;
        host_start(&server);
        thread_begin(clients, NULL, "clients");
        host_await(&server, all_left, INFINITE);
        host_stop(&server, 0);
        host_settle(&server);
    }
    host_end(&server);
}

static void serve_by_window(void)
{
    serve_by_host(QUEUE_WINDOW);
}

static void serve_by_workers(void)
{
    serve_by_host(QUEUE_WORKERS);
}

static void run_counted(void *unused)
{
    (void)unused;
    all_left = CreateEventW(NULL, TRUE, FALSE, NULL);
    counted->serve();
    CloseHandle(all_left);
}

int main(int count, char **words)
{
    for (const cost *c = costs; c->name; c++)
        if (count == 1)
            puts(c->name);
        else if (!strcmp(c->name, words[1]))
            counted = c;
    if (count == 1)
        return 0;
    if (!counted || count != 3)
        return 2;
    messages = strtoul(words[2], NULL, 10);
    random_seed(1);
    faults_draw(false);
    ways = (ways_of_a_run){0}; /* Windows */
    strategy_begin(STRATEGY_BLOCKING, 1);
    peek_prepare();
    kernel_begin();
    scheduler_run(run_counted, NULL);
    kernel_end();
    return 0;
}
