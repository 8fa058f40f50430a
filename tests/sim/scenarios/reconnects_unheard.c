#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "watch_queue.h"
#include "ways.h"

#define LOOKS_MOST 100
#define LOOK_MS 200

static HANDLE over; /* the server has done all */

static void run_manager(void *unused)
{
    host manager;
    redialed *client;

    (void)unused;
    if (host_begin(&manager, some_way()))
    {
        manager.settings.path = NULL;
        manager.settings.flow.reconnect_pause = 100;
        manager.echoes = false;
        if (host_start(&manager) == 0)
        {
            client = client_dial(&manager, 60000);
            WaitForSingleObject(over, INFINITE);
            host_stop(&manager, 0);
            host_settle(&manager);
            if (client)
                client_release(client);
        }
    }
    host_end(&manager);
}

static bool come_back(foreign *h)
{
    for (int i = 0; i < LOOKS_MOST; i++)
    {
        Sleep(LOOK_MS);
        if (foreign_open(h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
            return true;
    }
    return false;
}

/* A client that is dialed again, and nobody hears of it. Its server has one instance, and can make that again only when
 * the client has closed its end, too. */
void scenario_reconnects_unheard(void)
{
    foreign h;
    int manager;

    ways_keep_names();
    faults_spare();
    over = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    manager = thread_begin(run_manager, NULL, "manager");
    if (foreign_await(&h, 20000))
    {
        Sleep(choose(300));
        foreign_close(&h);
        if (!come_back(&h) && time_is_judged())
            fail("a server of one instance cannot come back, with error %u", GetLastError());
    }
    foreign_close(&h);
    SetEvent(over);
    thread_wait(manager);
    CloseHandle(over);
}
