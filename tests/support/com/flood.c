#include "com/server.h"
#include "pipe/engine.h"

#include "support/com/flood.h"

static server *impl_from_INamedPipeServer(INamedPipeServer *iface)
{
    return CONTAINER_OF(iface, server, INamedPipeServer_iface);
}

static void free_event(pipe_event *event)
{
    mem_free(event);
}

void flood_server(INamedPipeServer *iface, LONG first, LONG count)
{
    server *s = impl_from_INamedPipeServer(iface);
    host_run *r = host_run_get(&s->host);

    for (LONG i = 0; i < count; i++)
    {
        pipe_event *event = mem_alloc(sizeof(*event));

        event->kind = PIPE_SERVER_ERROR;
        event->engine = engine_hold(r->run.state.engine);
        event->error = (DWORD)(first + i);
        event->free = free_event;
        queue_push(s->host.queue, &r->run.state.own_lane, event);
    }
    run_release(&r->run);
}

BOOL server_is_paused(INamedPipeServer *iface)
{
    host_run *r = host_run_get(&impl_from_INamedPipeServer(iface)->host);
    BOOL paused = r->run.state.engine->paused != 0;

    run_release(&r->run);
    return paused;
}
