/* service.h: threads on which the events of a host are raised: the host's own, and for a host without a window others
 * that wait inside a loop. */

#ifndef SIM_SERVICE_H
#define SIM_SERVICE_H

#include "watch_queue.h"

typedef struct service
{
    host *host;
    int threads[2];
    int count;
    uint32_t short_loops; /* so many loops of each thread are short at first */
    bool ends;
} service;

/* Starts threads that wait for events while the host runs, if it is a host without a window. They are users of it. */
void service_begin(service *s, host *h);
/* Lets the calling thread, the host's own, raise events until the handle is signalled. */
void service_run(service *s, HANDLE until);
/* Waits for the threads of service_begin. Call it when the host has stopped; a handler may have started it again. */
void service_end(service *s);

#endif
