/* Threads: a lock guards the list of the pool; a buffer belongs to one owner at a time. */

#include "com/buffers.h"

static buffers *impl_from_source(buffer_source *s)
{
    return CONTAINER_OF(s, buffers, source);
}

static safearray_buffer *impl_from_buffer(buffer *b)
{
    return CONTAINER_OF(b, safearray_buffer, buffer);
}

/* ---- making and ending ---- */

/* Does not use SafeArrayCreateVector: it puts the data behind the descriptor, and then growing the array leaks under
 * Wine. */
static safearray_buffer *safearray_buffer_create(DWORD size)
{
    SAFEARRAYBOUND bound = {size, 0};
    safearray_buffer *b = mem_alloc(sizeof(*b));

    if (!b)
        return NULL;
    b->array = SafeArrayCreate(VT_UI1, 1, &bound);
    if (!b->array)
    {
        mem_free(b);
        return NULL;
    }
    b->buffer.data = b->array->pvData;
    b->buffer.capacity = size;
    b->lent = size;
    b->features = b->array->fFeatures;
    return b;
}

static void safearray_buffer_destroy(safearray_buffer *b)
{
    SafeArrayDestroy(b->array);
    mem_free(b);
}

/* ---- the pool ---- */

/* Returns NULL if buffers of this size are not kept. */
static buffer_shelf *shelf_of(buffers *pool, DWORD size)
{
    for (unsigned i = 0; i < ARRAYSIZE(pool->shelves); i++)
        if (pool->shelves[i].size == size)
            return &pool->shelves[i];
    return NULL;
}

static safearray_buffer *take_spare(buffers *pool, buffer_shelf *s)
{
    safearray_buffer *b;

    lock_acquire(&pool->lock);
    b = s->first;
    if (b)
    {
        s->first = b->next;
        s->count--;
    }
    lock_release(&pool->lock);
    return b;
}

static bool keep_spare(buffers *pool, safearray_buffer *b)
{
    buffer_shelf *s = shelf_of(pool, b->buffer.capacity);
    bool kept;

    if (!s)
        return false;
    lock_acquire(&pool->lock);
    kept = s->count < BUFFERS_SPARE;
    if (kept)
    {
        b->next = s->first;
        s->first = b;
        s->count++;
    }
    lock_release(&pool->lock);
    return kept;
}

static buffer *buffers_alloc(buffer_source *s, DWORD size)
{
    buffers *pool = impl_from_source(s);
    buffer_shelf *shelf = shelf_of(pool, size);
    safearray_buffer *b = shelf ? take_spare(pool, shelf) : NULL;

    if (!b)
        b = safearray_buffer_create(size);
    return b ? &b->buffer : NULL;
}

static void buffers_free(buffer_source *s, buffer *b)
{
    safearray_buffer *own = impl_from_buffer(b);

    CHECK(!own->is_lent);
    if (!keep_spare(impl_from_source(s), own))
        safearray_buffer_destroy(own);
}

void buffers_init(buffers *pool, DWORD size)
{
    static const buffers empty = {.source = {buffers_alloc, buffers_free}};

    *pool = empty;
    pool->shelves[0].size = READ_SHORT;
    pool->shelves[1].size = size;
}

void buffers_fini(buffers *pool)
{
    safearray_buffer *b;

    for (unsigned i = 0; i < ARRAYSIZE(pool->shelves); i++)
        while ((b = take_spare(pool, &pool->shelves[i])) != NULL)
            safearray_buffer_destroy(b);
}

/* ---- lending and giving away ---- */

SAFEARRAY *buffers_lend(buffer *b, DWORD bytes)
{
    safearray_buffer *own = impl_from_buffer(b);

    CHECK(!own->is_lent && bytes <= b->capacity);
    own->is_lent = true;
    own->lent = bytes;
    own->array->rgsabound[0].cElements = bytes;
    return own->array;
}

static bool is_as_lent(const safearray_buffer *b, const SAFEARRAY *left)
{
    return left == b->array && left->cDims == 1 && left->fFeatures == b->features && left->cbElements == 1 &&
           left->cLocks == 0 && left->pvData == b->buffer.data && left->rgsabound[0].cElements == b->lent &&
           left->rgsabound[0].lLbound == 0;
}

/* .NET 10 leaves the first bytes of an array in the slot, where a pointer to the array should be. */
static bool is_pointer(const SAFEARRAY *left)
{
    return left && (uintptr_t)left % sizeof(void *) == 0;
}

bool buffers_reclaim(buffer *b, const SAFEARRAY *left)
{
    safearray_buffer *own = impl_from_buffer(b);

    if (!is_as_lent(own, left))
        return false;
    own->is_lent = false;
    own->lent = b->capacity;
    own->array->rgsabound[0].cElements = b->capacity;
    return true;
}

void buffers_take_back(buffers *pool, buffer *b, SAFEARRAY *left)
{
    safearray_buffer *own = impl_from_buffer(b);

    if (buffers_reclaim(b, left))
    {
        buffers_free(&pool->source, b);
        return;
    }
    if (is_pointer(left))
        SafeArrayDestroy(left); /* does nothing if the array is still locked */
    mem_free(own);
}

SAFEARRAY *buffers_detach(buffer *b, DWORD bytes)
{
    SAFEARRAY *array = buffers_lend(b, bytes);

    mem_free(impl_from_buffer(b));
    return array;
}
