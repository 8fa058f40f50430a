#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "watch_queue.h"

/* A server without handlers, and with room for one client. One comes and goes, which nobody is told of, and the next
 * finds room all the same. */
void scenario_unheard_limit(void)
{
    host server;
    peer first;
    HANDLE next;

    if (host_begin(&server, QUEUE_WORKERS))
    {
        for (unsigned i = 0; i < SINKS_MOST; i++)
            host_set_sink(&server, i, false);
        server.settings.max_connections = 1;
        if (host_start(&server) == 0)
        {
            peer_open(&first, 1, true);
            peer_close(&first);
            Sleep(60000);
            next = CreateFileW(L"\\\\.\\pipe\\sim", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
            if (next == INVALID_HANDLE_VALUE && !faults_made())
                fail("a minute after the only client has left the next is refused: %u", (unsigned)GetLastError());
            if (next != INVALID_HANDLE_VALUE)
                CloseHandle(next);
            host_stop(&server, 0);
            host_settle(&server);
        }
    }
    host_end(&server);
}
