/* frames.h: a stream of messages in frames, written by hand from the rules of docs/REFERENCE.md, as the other end may
 * write it; and what must become of it. */

#ifndef SIM_FRAMES_H
#define SIM_FRAMES_H

#include "pipe/pipe.h"

#define FRAMES_MOST 72

typedef struct frame_stream
{
    framing framing;
    bool many;   /* short messages, more than are split at once, which are written in one go */
    DWORD limit; /* bytes; the longest message that is taken; 0: no limit that matters */
    BYTE data[20000];
    DWORD size;
    DWORD sizes[FRAMES_MOST]; /* of the messages that must come, in their order */
    unsigned count;
    unsigned ended;    /* of them, those that are whole before the other end leaves */
    DWORD end;         /* the error that ends the connection, or 0: the other end leaves */
    bool ends_at_once; /* the error does not wait until the other end leaves */
} frame_stream;

/* Draws a framing that splits, a limit, messages and what stands behind the last. Each message is another one. */
void frames_draw(frame_stream *s);
/* Fills `to` with message `number` of the stream. */
void frames_message(const frame_stream *s, unsigned number, BYTE *to);
/* Puts what a product that echoes sends before the other end leaves into `to`, which has as much room as the stream.
 * Returns its size. */
DWORD frames_echo(const frame_stream *s, BYTE *to);
/* Draws how many of the bytes from `at` on are written in one go; also none. */
DWORD frames_piece(const frame_stream *s, DWORD at);

#endif
