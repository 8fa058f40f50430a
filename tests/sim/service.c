#include "service.h"

#include "scenario.h"
#include "threads.h"

#define LOOK_MS 20000   /* a thread that waits looks so often whether the host has stopped */
#define SHORTAGE_MS 100 /* before a loop that failed is entered again */

/* One loop of the consumer's. */
static void loop_once(const service *s, uint32_t number)
{
    if (host_loop(s->host, number < s->short_loops ? choose(30) : LOOK_MS) == LOOP_FAILED)
        Sleep(SHORTAGE_MS);
}

static void wait_for_events(void *of)
{
    const service *s = of;
    host *h = s->host;

    for (uint32_t i = 0; host_is_running(h) && !s->ends; i++)
        loop_once(s, i);
    host_drop_user(h);
}

void service_begin(service *s, host *h)
{
    *s = (service){.host = h, .short_loops = choose(2) * 4};
    if (h->window)
        return;
    for (uint32_t i = choose(3); i > 0; i--)
    {
        host_add_user(h);
        s->threads[s->count] = thread_begin(wait_for_events, s, "waiter");
        s->count++;
    }
}

static bool is_set(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

void service_run(service *s, HANDLE until)
{
    host *h = s->host;

    if (h->window && choose(2))
        loop_wait_handle(until, true, INFINITE);
    else
        for (uint32_t i = 0; !is_set(until); i++)
            loop_once(s, i);
}

void service_end(service *s)
{
    s->ends = true;
    for (int i = 0; i < s->count; i++)
        thread_wait(s->threads[i]);
}
