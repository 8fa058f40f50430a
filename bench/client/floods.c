#include "link.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

#define BROADCAST_MAX 128

static void check_done(const link *l)
{
    if (memcmp(l->in, "done", 4) != 0)
        link_fail("a sink has not said done", 0);
}

static void flood_in(link *l, const work_order *order, sample *s)
{
    while (s->messages < order->limit.messages)
    {
        link_fill(l, s->messages++);
        link_write(l, order->size);
        link_settle(l);
    }
    link_read(l, 4);
    link_settle(l);
    check_done(l);
}

static void ask_for(link *l, DWORD count)
{
    memcpy(l->out, &count, 4);
    link_write(l, 4);
}

static void flood_out(link *l, const work_order *order, sample *s)
{
    ask_for(l, order->limit.messages);
    while (s->messages < order->limit.messages)
    {
        link_read(l, order->size);
        link_settle(l);
        link_check_message(l);
        s->messages++;
    }
}

static void do_flood(const work_order *order, void (*flood)(link *l, const work_order *order, sample *s))
{
    link *links[WORK_PIPES];
    int pipe, round;
    sample s;

    for (pipe = 0; pipe < order->pipes; pipe++)
        links[pipe] = link_open(order->names[pipe], order->size);
    for (round = 0; round < order->rounds; round++)
    {
        for (pipe = 0; pipe < order->pipes; pipe++)
        {
            sample_begin(&s, pipe, round);
            flood(links[pipe], order, &s);
            sample_end(&s);
        }
    }
}

void work_flood_in(const work_order *order)
{
    do_flood(order, flood_in);
}

void work_flood_out(const work_order *order)
{
    do_flood(order, flood_out);
}

/* Until the server has answered it need not know that this client is there. */
static link *open_known(const char *name, DWORD size)
{
    link *l = link_open(name, size);

    ask_for(l, 0);
    link_read(l, 4);
    link_settle(l);
    check_done(l);
    return l;
}

static void broadcast(link **links, const work_order *order, sample *s)
{
    int i, waiting = 0;

    for (i = 0; i < order->clients; i++)
        link_read(links[i], order->size);
    ask_for(links[0], 1);
    for (i = 0; i < order->clients; i++)
        waiting += !link_is_idle(links[i]);
    while (waiting--)
        link_await();
    for (i = 0; i < order->clients; i++)
        link_check_message(links[i]);
    s->messages += (DWORD)order->clients;
}

void work_broadcast(const work_order *order)
{
    static link *links[WORK_PIPES][BROADCAST_MAX];
    int pipe, round, i;
    DWORD times;
    sample s;

    if (order->clients > BROADCAST_MAX)
        link_fail("at most 128 clients", ERROR_INVALID_PARAMETER);
    for (pipe = 0; pipe < order->pipes; pipe++)
    {
        for (i = 0; i < order->clients; i++)
            links[pipe][i] = open_known(order->names[pipe], order->size);
    }
    for (round = 0; round < order->rounds; round++)
    {
        for (pipe = 0; pipe < order->pipes; pipe++)
        {
            sample_begin(&s, pipe, round);
            for (times = 0; times < order->limit.messages; times++)
                broadcast(links[pipe], order, &s);
            sample_end(&s);
        }
    }
}
