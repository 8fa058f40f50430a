#include "pipe/traffic.h"

static void add(LONGLONG *counter, LONGLONG more)
{
    if (more)
        InterlockedExchangeAdd64(counter, more);
}

/* A plain read of 64 bits may be torn on x86. */
static LONGLONG value_of(LONGLONG *counter)
{
    return InterlockedCompareExchange64(counter, 0, 0);
}

void traffic_add(traffic *total, const traffic *more)
{
    add(&total->messages_received, more->messages_received);
    add(&total->messages_sent, more->messages_sent);
    add(&total->bytes_received, more->bytes_received);
    add(&total->bytes_sent, more->bytes_sent);
}

traffic traffic_read(traffic *total)
{
    traffic now = {
        .messages_received = value_of(&total->messages_received),
        .messages_sent = value_of(&total->messages_sent),
        .bytes_received = value_of(&total->bytes_received),
        .bytes_sent = value_of(&total->bytes_sent),
    };

    return now;
}
