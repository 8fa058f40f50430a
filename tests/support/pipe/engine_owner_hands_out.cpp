/* What the owner of a test hands out: buffers that notice an overrun, and cookies that notice a second end. */

#include "support/pipe/engine_owner.h"

extern "C" {
#include "base/check.h"
}

namespace
{
struct test_cookie
{
    unsigned magic;
    int number;
    recording_owner *owner;
};

constexpr unsigned COOKIE_MAGIC = 0x600dc00c, COOKIE_FREED = 0xdeadc00c;
constexpr BYTE CANARY = 0xc5;
} // namespace

buffer *recording_owner::buffer_alloc_cb(buffer_source *s, DWORD size)
{
    recording_owner *o = static_cast<source *>(s)->owner;
    buffer *b;

    if (o->may_allocate && !o->may_allocate(size))
        return nullptr;
    b = static_cast<buffer *>(malloc(sizeof(buffer) + size + 1));
    b->data = reinterpret_cast<BYTE *>(b + 1);
    b->capacity = size;
    b->data[size] = CANARY;
    o->buffer_count++;
    return b;
}

void recording_owner::buffer_free_cb(buffer_source *s, buffer *b)
{
    recording_owner *o = static_cast<source *>(s)->owner;

    if (b->data[b->capacity] != CANARY)
    {
        guarded g(o->guard);
        o->complain("bytes were written behind a buffer's end");
    }
    o->buffer_count--;
    free(b);
}

bool recording_owner::would_wait_cb(engine_owner *owner, connection *)
{
    return self(owner)->is_behind;
}

void *recording_owner::make_cookie(int number)
{
    test_cookie *cookie = static_cast<test_cookie *>(malloc(sizeof(test_cookie)));

    *cookie = {COOKIE_MAGIC, number, this};
    cookie_count++;
    return cookie;
}

int recording_owner::number_of(void *cookie)
{
    return cookie ? static_cast<test_cookie *>(cookie)->number : 0;
}

void recording_owner::drop_cookie(void *cookie)
{
    cookie_free_cb(cookie);
}

/* Of one that is none the owner is not known, so that the program ends. */
void recording_owner::cookie_free_cb(void *cookie)
{
    test_cookie *c = static_cast<test_cookie *>(cookie);

    CHECK(c && c->magic == COOKIE_MAGIC);
    c->magic = COOKIE_FREED;
    c->owner->cookie_count--;
    free(c);
}

LONG recording_owner::buffers_out() const
{
    return buffer_count;
}

LONG recording_owner::cookies_out() const
{
    return cookie_count;
}
