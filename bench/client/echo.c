#include "link.h"
#include "server_process.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

#define CLIENTS_MAX 64

typedef struct crew
{
    link *links[CLIENTS_MAX];
    HANDLE server;
    double seconds; /* processor time of the server in all samples */
    DWORD messages;
} crew;

static DWORD number; /* of the next message, so that no two are the same */

static void begin(link *l, const work_order *order)
{
    link_fill(l, number++);
    l->began = sample_now();
    link_write(l, order->size);
    link_read(l, order->size);
}

/* Takes the link's answer. */
static void finish(link *l, sample *s)
{
    link_check_echo(l);
    latency_keep(s->pipe, sample_now() - l->began);
    s->messages++;
}

/* Under a limit of messages each client has its share; under one of time all go on until it has passed. */
static bool link_goes_on(link *l, const sample *s, const work_order *order)
{
    return order->limit.ms ? sample_goes_on(s, &order->limit) : l->left-- > 0;
}

/* An answer that is there at once is taken at once. */
static void go_on(link *l, sample *s, const work_order *order, int *under_way)
{
    while (link_goes_on(l, s, order))
    {
        begin(l, order);
        if (!link_is_idle(l))
            return;
        finish(l, s);
    }
    (*under_way)--;
}

static void measure(crew *c, const work_order *order, int pipe, int round)
{
    double before = server_process_seconds(c->server);
    int i, under_way = order->clients;
    sample s;
    link *l;

    for (i = 0; i < order->clients; i++)
        c->links[i]->left = order->limit.messages / (DWORD)order->clients;
    sample_begin(&s, pipe, round);
    for (i = 0; i < order->clients; i++)
        go_on(c->links[i], &s, order, &under_way);
    while (under_way)
    {
        l = link_await();
        finish(l, &s);
        go_on(l, &s, order, &under_way);
    }
    sample_end(&s);
    c->seconds += server_process_seconds(c->server) - before;
    c->messages += s.messages;
}

static void gather(crew *c, const work_order *order, int pipe)
{
    int i;

    if (order->clients > CLIENTS_MAX || order->size < 4)
        link_fail("at most 64 clients, at least 4 bytes", ERROR_INVALID_PARAMETER);
    for (i = 0; i < order->clients; i++)
    {
        c->links[i] = link_open(order->names[pipe], order->size);
        begin(c->links[i], order);
        link_settle(c->links[i]);
        link_check_echo(c->links[i]);
    }
    c->server = server_process_open(c->links[0]->pipe);
}

void work_echo(const work_order *order)
{
    static crew crews[WORK_PIPES];
    int pipe, round;

    for (pipe = 0; pipe < order->pipes; pipe++)
        gather(&crews[pipe], order, pipe);
    for (round = 0; round < order->rounds; round++)
    {
        for (pipe = 0; pipe < order->pipes; pipe++)
            measure(&crews[pipe], order, pipe, round);
    }
    latency_tell();
    for (pipe = 0; pipe < order->pipes; pipe++)
        printf("{\"pipe\": %d, \"cpu_us\": %.3f}\n", pipe, crews[pipe].seconds * 1e6 / crews[pipe].messages);
}
