/* What the owner of a test hands out: buffers that notice an overrun, and cookies that notice a second end. */

#include "support/pipe/engine_owner.h"

namespace
{
struct test_cookie
{
    unsigned magic;
    int number;
};

constexpr unsigned COOKIE_MAGIC = 0x600dc00c, COOKIE_FREED = 0xdeadc00c;
constexpr BYTE CANARY = 0xc5;
} // namespace

buffer *recording_owner::buffer_alloc_cb(engine_owner *owner, DWORD size)
{
    recording_owner *o = self(owner);
    buffer *b;

    if (o->may_allocate && !o->may_allocate(size))
        return nullptr;
    b = static_cast<buffer *>(malloc(sizeof(buffer) + size + 1));
    b->data = reinterpret_cast<BYTE *>(b + 1);
    b->capacity = size;
    b->data[size] = CANARY;
    o->buffers++;
    return b;
}

void recording_owner::buffer_free_cb(engine_owner *owner, buffer *b)
{
    recording_owner *o = self(owner);

    if (b->data[b->capacity] != CANARY)
    {
        guarded g(o->guard);
        o->complain("bytes were written behind a buffer's end");
    }
    o->buffers--;
    free(b);
}

buffer *recording_owner::buffer_settle_cb(engine_owner *owner, connection *, buffer *b, DWORD bytes)
{
    recording_owner *o = self(owner);
    buffer *own;

    if (bytes > b->capacity)
    {
        guarded g(o->guard);
        o->complain("a message is longer than its buffer");
    }
    if (!o->settles || bytes >= b->capacity / 4)
        return b;
    own = buffer_alloc_cb(owner, bytes);
    if (!own)
        return b;
    memcpy(own->data, b->data, bytes);
    buffer_free_cb(owner, b);
    return own;
}

void *recording_owner::make_cookie(int number)
{
    test_cookie *cookie = static_cast<test_cookie *>(malloc(sizeof(test_cookie)));

    *cookie = {COOKIE_MAGIC, number};
    cookies++;
    return cookie;
}

int recording_owner::number_of(void *cookie)
{
    return cookie ? static_cast<test_cookie *>(cookie)->number : 0;
}

void recording_owner::drop_cookie(void *cookie)
{
    cookie_free_cb(this, cookie);
}

void recording_owner::cookie_free_cb(engine_owner *owner, void *cookie)
{
    recording_owner *o = self(owner);
    test_cookie *c = static_cast<test_cookie *>(cookie);

    if (!c || c->magic != COOKIE_MAGIC)
    {
        guarded g(o->guard);
        o->complain("a cookie was freed that is none, or was freed before");
        return;
    }
    c->magic = COOKIE_FREED;
    o->cookies--;
    free(c);
}

LONG recording_owner::buffers_out() const
{
    return buffers;
}

LONG recording_owner::cookies_out() const
{
    return cookies;
}
