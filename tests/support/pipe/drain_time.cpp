#include "support/pipe/drain_time.h"

#include <windows.h>

extern "C" {
#include "pipe/connection.h"
}

unsigned long drain_time_left(connection *c)
{
    unsigned long left;

    lock_acquire(&c->lock);
    left = static_cast<unsigned long>(c->drain_until - GetTickCount64());
    lock_release(&c->lock);
    return left;
}

void end_drain_time(connection *c)
{
    lock_acquire(&c->lock);
    c->drain_until = GetTickCount64();
    lock_release(&c->lock);
}

unsigned long retry_pause(connection *c)
{
    unsigned long ms;

    lock_acquire(&c->lock);
    ms = c->retry_ms;
    lock_release(&c->lock);
    return ms;
}

void pass_retry_time(connection *c, unsigned long ms)
{
    lock_acquire(&c->lock);
    c->refused_at -= ms;
    lock_release(&c->lock);
}
