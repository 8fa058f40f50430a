#include "tool/flow.h"

bool flow_asks(flow *f)
{
    if (f->asked || f->ended || f->bytes >= FLOW_BYTES || f->messages >= FLOW_MESSAGES)
        return false;
    f->asked = true;
    return true;
}

void flow_came(flow *f, size_t size)
{
    f->asked = false;
    f->bytes += size;
    f->messages++;
}

void flow_taken(flow *f, size_t size)
{
    f->bytes -= size < f->bytes ? size : f->bytes;
    f->messages -= f->messages > 0;
}

void flow_end(flow *f)
{
    f->ended = true;
}
