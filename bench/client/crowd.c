#include "link.h"
#include "server_process.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

static link *come(const char *name, DWORD size, DWORD number)
{
    link *l = link_open(name, size);

    link_fill(l, number);
    link_write(l, size);
    link_read(l, size);
    link_settle(l);
    link_check_echo(l);
    return l;
}

/* The first client has made the server make what it makes once. */
static double bytes_a_client(const work_order *order, const char *name)
{
    link *first = come(name, order->size, 0);
    HANDLE server = server_process_open(first->pipe);
    double before = server_process_bytes(server);
    int i;

    for (i = 0; i < order->clients; i++)
        come(name, order->size, (DWORD)i); /* they stay until this process ends */
    return (server_process_bytes(server) - before) / order->clients;
}

void work_crowd(const work_order *order)
{
    int pipe;

    for (pipe = 0; pipe < order->pipes; pipe++)
        printf("{\"pipe\": %d, \"bytes\": %.0f}\n", pipe, bytes_a_client(order, order->names[pipe]));
}

void work_end(const work_order *order)
{
    HANDLE server;
    int pipe;

    for (pipe = 0; pipe < order->pipes; pipe++)
    {
        server = server_process_open(link_open(order->names[pipe], 4)->pipe);
        TerminateProcess(server, 0);
        WaitForSingleObject(server, 10000);
    }
}
