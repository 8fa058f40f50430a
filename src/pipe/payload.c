#include "pipe/payload.h"

#include "base/check.h"

payload *payload_create(const void *data, DWORD size)
{
    payload *p = mem_alloc(sizeof(*p) + size);

    if (!p)
        return NULL;
    p->references = 1;
    p->size = size;
    if (size)
        memcpy(p->data, data, size);
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
