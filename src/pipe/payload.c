#include "pipe/payload.h"

#include "base/check.h"
#include "pipe/framing.h"

/* Returns a payload whose `size` bytes are not set yet, or NULL. */
static payload *payload_alloc(DWORD size)
{
    payload *p = mem_alloc(sizeof(*p) + size);

    if (!p)
        return NULL;
    p->references = 1;
    p->size = size;
    return p;
}

payload *payload_create(const void *data, DWORD size)
{
    payload *p = payload_alloc(size);

    if (p && size)
        memcpy(p->data, data, size);
    return p;
}

payload *payload_create_frame(framing of, const void *data, DWORD size)
{
    frame_mark mark;
    payload *p;

    if (of == FRAMING_PIPE)
        return payload_create(data, size);
    framing_mark(of, data, size, &mark);
    p = payload_alloc(mark.head_size + size + mark.tail_size);
    if (!p)
        return NULL;
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
