/* buffers.h: read buffers that are the data of a SAFEARRAY, so that a handler gets what ReadFile filled; and the pool
 * of those that wait to be used again.
 *
 * Any thread. A buffer has one owner: it is free to be read into, or lent to one handler at a time, or given away.
 * The pool outlives its buffers. */

#ifndef COM_BUFFERS_H
#define COM_BUFFERS_H

#include "com/com.h"
#include "base/lock.h"
#include "pipe/pipe.h"

enum
{
    BUFFERS_SPARE = 64 /* at most so many wait */
};

typedef struct safearray_buffer safearray_buffer;
struct safearray_buffer
{
    buffer buffer;
    SAFEARRAY *array;
    DWORD lent; /* bytes that the array says it has; buffer.capacity while it is not lent */
    bool is_lent;
    USHORT features;
    safearray_buffer *next; /* the pool's lock */
};

typedef struct buffers
{
    buffer_source source;
    DWORD size; /* buffers of this size are kept for the next use */
    lock lock;
    safearray_buffer *spare GUARDED_BY(lock);
    unsigned spare_count GUARDED_BY(lock);
} buffers;

/* Its source gives buffers of exactly the size that is asked for, not cleared. */
void buffers_init(buffers *pool, DWORD size);
void buffers_fini(buffers *pool);

/* The message as an array of VT_UI1 of just its bytes, for a handler; still the buffer's. buffers_take_back follows. */
SAFEARRAY *buffers_lend(buffer *b, DWORD bytes);

/* After the handler, with what it left where it was given the array. The buffer goes back to the pool only if that
 * is as it was handed out; else what the handler left is destroyed, unless it is NULL or no aligned pointer: who
 * replaces a value frees the old one. An array that is still locked is left alone. Ends the buffer. */
void buffers_take_back(buffers *pool, buffer *b, SAFEARRAY *left);

/* After a handler that refused to take it: true where the array is as it was handed out. The buffer and its message
 * are the caller's again then; else buffers_take_back follows. */
bool buffers_reclaim(buffer *b, const SAFEARRAY *left);

/* Gives the array away for good, with just the bytes of the message; freed with SafeArrayDestroy. Ends the buffer. */
SAFEARRAY *buffers_detach(buffer *b, DWORD bytes);

#endif
