#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void dial_in_vain(watch *client, DWORD timeout, DWORD expected)
{
    DWORD takes = client->settings.flow.needs_server && expected == ERROR_FILE_NOT_FOUND ? 0 : timeout;
    uint64_t begun = scheduler_now();
    view *v = watch_dial(client, timeout);

    if (!v || !expect_within(takes, has_ended, v, "the end of a dial in vain"))
        return;
    expect_took(begun, takes, takes, "a dial in vain");
    if (client->last_error != expected && time_is_judged())
        fail("a dial in vain gives %u, which should be %u", client->last_error, expected);
    if (connection_get_status(v->connection).reason != CLOSE_CONNECT_FAILED && time_is_judged())
        fail("a dial in vain ends for the wrong reason");
}

/* Dials a pipe that is busy or missing, or a path that leads to a file. Each dial ends when its time is up, to the
 * millisecond, or at once if it needs its server, and says why. */
void scenario_dial_times_out(void)
{
    bool is_busy = choose(2);
    HANDLE other = NULL;
    watch client;
    foreign h;

    if (is_busy)
    {
        if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
            fail("the host is refused");
        faults_spare();
        other = CreateFileW(SIM_PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        faults_spare_no_more();
    }
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.needs_server = choose(2);
    if (watch_start(&client))
    {
        dial_in_vain(&client, choose(2) ? choose(3000) : 0, is_busy ? (DWORD)PIPE_ERROR_BUSY : ERROR_FILE_NOT_FOUND);
        client.path = L"\\\\.\\pipe\\..\\C:\\file";
        dial_in_vain(&client, 0, ERROR_FILE_NOT_FOUND);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    if (other)
        CloseHandle(other);
    if (is_busy)
        foreign_close(&h);
}
