#include "failure.h"
#include "faults.h"
#include "hosts.h"
#include "scenario.h"
#include "watch_engine.h"

/* Opens a pipe whose server then leaves: from then on the client alone holds the name. */
static HANDLE orphan_of(DWORD open_mode, DWORD pipe_mode, DWORD instances)
{
    DWORD access =
        (open_mode & PIPE_ACCESS_OUTBOUND ? GENERIC_READ : 0) | (open_mode & PIPE_ACCESS_INBOUND ? GENERIC_WRITE : 0);
    HANDLE client;
    host h;

    if (!host_open(&h, open_mode, pipe_mode, instances))
        fail("the host is refused");
    faults_spare();
    client = CreateFileW(SIM_PATH, access, 0, NULL, OPEN_EXISTING, 0, NULL);
    faults_spare_no_more();
    host_close(&h);
    return client;
}

static HANDLE choose_orphan(void)
{
    const DWORD messages = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;

    switch (choose(4))
    {
    case 0: return orphan_of(PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES);
    case 1: return orphan_of(PIPE_ACCESS_INBOUND, messages, PIPE_UNLIMITED_INSTANCES);
    case 2: return orphan_of(PIPE_ACCESS_DUPLEX, messages, 1 + choose(2));
    default: return orphan_of(PIPE_ACCESS_DUPLEX, messages, PIPE_UNLIMITED_INSTANCES); /* other security */
    }
}

/* The client of a past server holds the name, with another type, limit or security than this server asks for. The
 * server does not start and says so; when the client has gone, it starts. */
void scenario_name_held(void)
{
    HANDLE orphan = choose_orphan();
    watch server;
    DWORD error;

    watch_begin(&server);
    error = engine_open(&server.settings, &server.owner, &server.engine);
    if (!error)
    {
        error = engine_listen(server.engine);
        WaitForSingleObject(engine_ended(server.engine), INFINITE);
    }
    if (error != PIPE_ERROR_NAME_HELD && !faults_made())
        fail("a name that a client holds gives %u", error);
    watch_end(&server);
    CloseHandle(orphan);
    watch_begin(&server);
    if (watch_start(&server))
        watch_stop(&server, CLOSE_AT_ONCE);
    watch_end(&server);
}
