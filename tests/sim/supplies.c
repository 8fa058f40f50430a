#include "supplies.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "scheduler.h"

#include <stdlib.h>

static buffer *buffer_alloc(buffer_source *s, DWORD size)
{
    buffer *b;

    if (fault(FAULT_BUFFER_ALLOC))
        return NULL;
    b = HeapAlloc(GetProcessHeap(), 0, sizeof(*b) + size);
    if (!b)
        return NULL;
    b->data = (BYTE *)(b + 1);
    b->capacity = size;
    CONTAINER_OF(s, supplies, buffers)->buffers_out++;
    CONTAINER_OF(s, supplies, buffers)->bytes_out += size;
    return b;
}

static void buffer_free(buffer_source *s, buffer *b)
{
    CONTAINER_OF(s, supplies, buffers)->buffers_out--;
    CONTAINER_OF(s, supplies, buffers)->bytes_out -= b->capacity;
    HeapFree(GetProcessHeap(), 0, b);
}

void supplies_begin(supplies *s)
{
    *s = (supplies){.buffers = {buffer_alloc, buffer_free}};
}

void supplies_end(const supplies *s)
{
    if (s->cookies || s->buffers_out)
        fail("%d cookies and %d buffers are left at the end", s->cookies, s->buffers_out);
}

cookie *cookie_create(supplies *s, DWORD number)
{
    cookie *c = malloc(sizeof(*c));

    *c = (cookie){.of = s, .number = number};
    s->cookies++;
    return c;
}

void cookie_take_back(cookie *c)
{
    c->of->cookies--;
    free(c);
}

void cookie_free(void *what)
{
    cookie *c = what;

    if (locks_held())
        fail("cookie_free is called with a lock held");
    c->of->cookies--;
    point("cookie_free", "cookie", (int)c->number, 0);
    free(c);
}
