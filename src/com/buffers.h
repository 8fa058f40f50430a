/* buffers.h: read buffers that are the data of a SAFEARRAY, so that a handler gets the memory that ReadFile filled; and
 * a pool that keeps buffers for the next use.
 *
 * Any thread may call everything here. A buffer has one owner at a time: the code that reads into it, or one handler
 * that it is lent to, or the consumer that it was given to. The pool outlives its buffers. */

#ifndef COM_BUFFERS_H
#define COM_BUFFERS_H

#include "com/com.h"
#include "base/lock.h"
#include "pipe/pipe.h"

enum
{
    BUFFERS_SPARE = 64 /* the most buffers of one size that a pool keeps */
};

typedef struct safearray_buffer safearray_buffer;
struct safearray_buffer
{
    buffer buffer;
    SAFEARRAY *array;
    DWORD lent; /* bytes that the array says it has; buffer.capacity while the buffer is not lent */
    bool is_lent;
    USHORT features;        /* fFeatures of the array, as it was made */
    safearray_buffer *next; /* the pool's lock; the next spare buffer */
};

/* Spare buffers of one size. */
typedef struct buffer_shelf
{
    DWORD size; /* bytes; does not change */
    safearray_buffer *first;
    unsigned count;
} buffer_shelf;

typedef struct buffers
{
    buffer_source source;
    lock lock;
    buffer_shelf shelves[2]; /* lock */
} buffers;

/* Initializes an empty pool, which keeps buffers of `size` bytes and those for short reads. Its source gives buffers of
 * exactly the size that is asked for; their bytes are undefined. */
void buffers_init(buffers *pool, DWORD size);
void buffers_fini(buffers *pool);

/* Lends the buffer to a handler: returns an array of VT_UI1 that has just the `bytes` of the message. The array stays
 * the buffer's. Then call buffers_take_back, or buffers_reclaim. */
SAFEARRAY *buffers_lend(buffer *b, DWORD bytes);

/* Call after the handler returned; `left` is what now stands in the by-reference slot. Unchanged: the buffer returns to
 * the pool. Changed: the handler has freed ours, so `left` is destroyed, unless it is NULL, misaligned or still locked.
 * In both cases the caller must not use the buffer any more. */
void buffers_take_back(buffers *pool, buffer *b, SAFEARRAY *left);

/* Call after a handler that refused the event; `left` as above. True: the array is unchanged, and the buffer and its
 * message are the caller's again. False: call buffers_take_back. */
bool buffers_reclaim(buffer *b, const SAFEARRAY *left);

/* Gives the array away, with just the `bytes` of the message, and frees the buffer's structure. Free the array with
 * SafeArrayDestroy. */
SAFEARRAY *buffers_detach(buffer *b, DWORD bytes);

#endif
