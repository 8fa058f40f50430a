#include "pipe/payload.h"

#include "base/check.h"
#include "pipe/framing.h"

payload *payload_create(const void *data, DWORD size)
{
    return payload_create_frame(FRAMING_PIPE, data, size);
}

payload *payload_create_frame(framing of, const void *data, DWORD size)
{
    frame_mark mark;
    payload *p;

    framing_mark(of, data, size, &mark);
    p = mem_alloc(sizeof(*p) + mark.head_size + size + mark.tail_size);
    if (!p)
        return NULL;
    p->references = 1;
    p->size = mark.head_size + size + mark.tail_size;
    memcpy(p->data, mark.head, mark.head_size);
    if (size)
        memcpy(p->data + mark.head_size, data, size);
    if (mark.tail_size)
        p->data[p->size - 1] = '\n';
    return p;
}

payload *payload_hold(payload *p)
{
    InterlockedIncrement(&p->references);
    return p;
}

void payload_release(payload *p)
{
    if (p && count_down(&p->references) == 0)
        mem_free(p);
}

const void *payload_data(const payload *p)
{
    return p->data;
}

DWORD payload_size(const payload *p)
{
    return p->size;
}
