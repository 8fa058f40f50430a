#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/security.h"
#include "scenario.h"
#include "watch_engine.h"
#include "ways.h"

/* The same list as the product's, with other rights. */
static void lets_others_in(SECURITY_ATTRIBUTES *attributes, security *like)
{
    DWORD *mask = (DWORD *)(like->list + 1) + 1;

    *mask ^= 1;
    *attributes = like->attributes;
}

/* A client and a server that leaves: from then on the client alone holds the name. */
static HANDLE orphan_with_other_rights(void)
{
    SECURITY_ATTRIBUTES attributes;
    const access_settings usual = {.allow_remote = false};
    HANDLE server, client;
    security like;

    faults_spare();
    security_init(&like, &usual);
    lets_others_in(&attributes, &like);
    server = CreateNamedPipeW(SIM_PATH, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE, PIPE_UNLIMITED_INSTANCES, 100, 100, 0,
                              &attributes);
    client = CreateFileW(SIM_PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CloseHandle(server);
    security_fini(&like);
    faults_spare_no_more();
    return client;
}

static HANDLE orphan_of(DWORD open_mode, DWORD pipe_mode, DWORD instances)
{
    DWORD access =
        (open_mode & PIPE_ACCESS_OUTBOUND ? GENERIC_READ : 0) | (open_mode & PIPE_ACCESS_INBOUND ? GENERIC_WRITE : 0);
    HANDLE client;
    foreign h;

    if (!foreign_open(&h, open_mode, pipe_mode, instances))
        fail("the host is refused");
    faults_spare();
    client = CreateFileW(SIM_PATH, access, 0, NULL, OPEN_EXISTING, 0, NULL);
    faults_spare_no_more();
    foreign_close(&h);
    return client;
}

static HANDLE choose_orphan(void)
{
    const DWORD messages = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;

    switch (choose(5))
    {
    case 0: return orphan_of(PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES);
    case 1: return orphan_of(PIPE_ACCESS_INBOUND, messages, PIPE_UNLIMITED_INSTANCES);
    case 2: return orphan_of(PIPE_ACCESS_DUPLEX, messages, 1 + choose(2));
    case 3: return orphan_with_other_rights();
    default: return orphan_of(PIPE_ACCESS_DUPLEX, messages, PIPE_UNLIMITED_INSTANCES); /* without a list */
    }
}

/* The client of a past server holds the name, with another type, limit or security than this server asks for. The
 * server does not start and says so; when the client has gone, it starts. */
void scenario_name_held(void)
{
    HANDLE orphan;
    watch server;
    DWORD error;

    ways_keep_names();
    orphan = choose_orphan();
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
