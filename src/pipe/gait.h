/* gait.h: how the read waits that brings a connection's next message. Most connections are idle most of the time, so
 * what waits should be small; but a message that is longer than its read comes in parts, which takes more calls and a
 * copy, and which a writer that cancels can spoil (reading.c).
 *
 * A gait belongs to one connection, whose lock guards it. Nothing here calls the system. */

#ifndef PIPE_GAIT_H
#define PIPE_GAIT_H

#include "pipe/pipe.h"

typedef enum gait_kind
{
    GAIT_SHORT, /* a read of READ_SHORT bytes, or of the buffer size if that is less */
    GAIT_EMPTY, /* a read of no bytes, which takes nothing; then one read of just the message */
    GAIT_LONG   /* a read of the whole buffer size */
} gait_kind;

typedef struct gait
{
    gait_kind kind;
    DWORD room;        /* bytes of the read that waits next; 0 for GAIT_EMPTY */
    DWORD buffer_size; /* bytes of a long read; does not change */
    DWORD short_size;  /* bytes of a short read; does not change */
    bool may_be_empty; /* a read of no bytes waits for a message, and takes nothing of it; does not change */
    bool outgrown;     /* a message was longer than the buffer size */
    bool last_was_long;
    unsigned in_a_row; /* messages, the last one included, that did not fit, and were all short, or all long */
} gait;

/* Begins with short reads. */
void gait_init(gait *g, DWORD buffer_size, bool may_be_empty);

/* All reads are of the whole buffer size, and wait as long as they have to. */
void gait_init_whole(gait *g, DWORD buffer_size);

/* A long read has waited for a while: what waits next holds little. */
void gait_rest(gait *g);

/* A message of so many bytes came; or, of a stream that has no messages, a read that brought so many. A stream whose
 * read was full may have had more to say: `was_full`. */
void gait_took(gait *g, DWORD bytes, bool was_full);

#endif
