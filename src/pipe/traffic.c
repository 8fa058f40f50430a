#include "pipe/traffic.h"

/* A plain read of 64 bits may be torn on x86. */
static LONGLONG value_of(LONGLONG *counter)
{
    return InterlockedCompareExchange64(counter, 0, 0);
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
