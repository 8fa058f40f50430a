#include "link.h"
#include "work.h"

static void cycle(const char *name, DWORD size, DWORD number)
{
    link *l = link_open(name, size);

    link_fill(l, number);
    link_write(l, size);
    link_read(l, size);
    link_settle(l);
    link_check_echo(l);
    link_close(l);
}

void work_cycles(const work_order *order)
{
    int pipe, round;
    sample s;

    for (round = 0; round < order->rounds; round++)
    {
        for (pipe = 0; pipe < order->pipes; pipe++)
        {
            cycle(order->names[pipe], order->size, 0); /* the first waits for a server that has just started */
            sample_begin(&s, pipe, round);
            while (sample_goes_on(&s, &order->limit))
                cycle(order->names[pipe], order->size, ++s.messages);
            sample_end(&s);
        }
    }
}
