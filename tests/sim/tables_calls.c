/* The calls that reach a connection from its owner, and what an engine does to each of its connections. The linker
 * leads the calls here (--wrap in scripts/sim), so that they count for tables.h. */

#include "pipe/connection.h"
#include "pipe/pipe.h"
#include "tables.h"

DWORD __real_connection_write(connection *c, payload *p, void *cookie);
DWORD __real_connection_read(connection *c, void *cookie);
bool __real_connection_report(connection *c, DWORD error, void *cookie);
void __real_connection_close(connection *c, close_manner manner);
void __real_connection_close_for(connection *c, close_manner manner, close_reason reason);
void __real_connection_close_handle(connection *c);
void __real_connection_advance(connection *c);
void __real_connection_read_on(connection *c);
void __real_pipe_event_release(pipe_event *event);

DWORD __wrap_connection_write(connection *c, payload *p, void *cookie);
DWORD __wrap_connection_read(connection *c, void *cookie);
bool __wrap_connection_report(connection *c, DWORD error, void *cookie);
void __wrap_connection_close(connection *c, close_manner manner);
void __wrap_connection_close_for(connection *c, close_manner manner, close_reason reason);
void __wrap_connection_close_handle(connection *c);
void __wrap_connection_advance(connection *c);
void __wrap_connection_read_on(connection *c);
void __wrap_pipe_event_release(pipe_event *event);

DWORD __wrap_connection_write(connection *c, payload *p, void *cookie)
{
    table_event(c, "connection_write");
    return __real_connection_write(c, p, cookie);
}

DWORD __wrap_connection_read(connection *c, void *cookie)
{
    table_event(c, "connection_read");
    return __real_connection_read(c, cookie);
}

bool __wrap_connection_report(connection *c, DWORD error, void *cookie)
{
    table_event(c, "connection_report");
    return __real_connection_report(c, error, cookie);
}

void __wrap_connection_close(connection *c, close_manner manner)
{
    table_event(c, manner == CLOSE_AT_ONCE ? "a close at once" : "a close, gracefully");
    __real_connection_close(c, manner);
}

void __wrap_connection_close_for(connection *c, close_manner manner, close_reason reason)
{
    table_event(c, manner == CLOSE_AT_ONCE ? "a Stop at once" : "a Stop, gracefully");
    __real_connection_close_for(c, manner, reason);
}

void __wrap_connection_close_handle(connection *c)
{
    table_event(c, "connection_close_handle");
    __real_connection_close_handle(c);
}

void __wrap_connection_advance(connection *c)
{
    table_event(c, "the end of a pause, or the start");
    __real_connection_advance(c);
}

void __wrap_connection_read_on(connection *c)
{
    table_event(c, "connection_read_on");
    __real_connection_read_on(c);
}

void __wrap_pipe_event_release(pipe_event *event)
{
    if (event->connection)
        table_event(event->connection, "an event is released");
    __real_pipe_event_release(event);
}
