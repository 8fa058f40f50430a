/* framing.h: how the messages of a stream of bytes are told apart: each is in a frame, with a mark before or behind its
 * bytes. Bytes in, frames out; and the mark of a message that is sent. The framings are in pipe.h.
 *
 * Any thread may call everything here; a splitter belongs to one thread at a time. Nothing here blocks, allocates or
 * calls the system. A byte is looked at once, however the bytes come. */

#ifndef PIPE_FRAMING_H
#define PIPE_FRAMING_H

#include "pipe/pipe.h"

#define FRAME_LIMIT 268435456u /* bytes; the longest message in a frame, where the owner gives no limit */
#define FRAME_HEADER_MOST 8192 /* bytes; the longest header part, with its empty line */

/* Returns whether frames are split from what is read. If not, each message of the pipe, or each chunk, is a message. */
bool framing_splits(framing of);

/* ---- splitting ---- */

/* What is known of the frame that begins with the first byte that is not split yet. */
typedef struct splitter
{
    framing framing;
    DWORD limit; /* bytes; the longest message */
    DWORD seen;  /* bytes of the frame that were looked at */
    DWORD body;  /* where the message begins in the frame; 0: not known yet, or the mark stands behind the message */
    DWORD line;  /* where the present line of the header part begins */
    ULONGLONG announced;
    bool has_length;     /* a header line has announced a length */
    bool follows_length; /* the last header line was that line */
} splitter;

/* A frame has `whole` bytes; its message has `size` of them, from `begin` on. */
typedef struct frame
{
    DWORD begin, size, whole;
} frame;

typedef enum split_result
{
    SPLIT_FRAME,
    SPLIT_MORE, /* the frame is not whole yet; at the end: no bytes are left */
    SPLIT_TOO_LONG,
    SPLIT_WRONG /* no frame begins so; at the end: its rest is missing */
} split_result;

/* Prepares a splitter for messages of `limit` bytes at most, 0 for FRAME_LIMIT. `of` is a framing that splits. */
void splitter_init(splitter *s, framing of, DWORD limit);

/* Looks for a frame in the `size` bytes at `data`, which begin with the first byte that is not split yet; between two
 * calls that return SPLIT_MORE they only grow. After SPLIT_FRAME the next frame begins out->whole bytes later. After
 * SPLIT_TOO_LONG and SPLIT_WRONG nothing can be split any more. A length that announces more than the limit is too long
 * at once. */
split_result splitter_next(splitter *s, const BYTE *data, DWORD size, frame *out);

/* Does the same for the last bytes: the other end has left. Call it after SPLIT_MORE, with the same bytes. */
split_result splitter_end(splitter *s, const BYTE *data, DWORD size, frame *out);

/* Returns the size of the next buffer for a frame of which `have` bytes, at least 1, have come and fill their buffer:
 * twice as many, unless the frame is known to need less. So memory follows what has come, not what is announced. Call
 * it after SPLIT_MORE. */
DWORD splitter_room(const splitter *s, DWORD have);

/* ---- marking ---- */

/* The mark of one message. */
typedef struct frame_mark
{
    BYTE head[40];
    DWORD head_size, tail_size; /* bytes before and behind the message; the tail is an LF */
} frame_mark;

/* Makes the mark for the message of `size` bytes at `data`. */
void framing_mark(framing of, const void *data, DWORD size, frame_mark *out);

#endif
