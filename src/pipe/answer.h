/* answer.h: the answer of an exchange while it comes: what the reads bring becomes one message, or one frame.
 *
 * An answer belongs to one thread. Nothing here reads; answer_make_room peeks, which may block if the pipe is another
 * computer's. */

#ifndef PIPE_ANSWER_H
#define PIPE_ANSWER_H

#include "pipe/framing.h"

typedef struct answer
{
    HANDLE pipe;
    bool is_remote; /* another computer's pipe */
    framing framing;
    DWORD limit; /* bytes; the longest answer */
    splitter splitter;
    buffer_source *buffers;
    buffer *buffer; /* owned; NULL at first */
    DWORD filled;   /* bytes that have come; once the answer is whole, its bytes, which are the first in the buffer */
    DWORD expected; /* bytes that are still to come of a message, as the peek said */
} answer;

/* Prepares the answer that comes from `pipe`. `limit` is in bytes, 0 for MESSAGE_LIMIT, or FRAME_LIMIT. */
void answer_init(answer *a, HANDLE pipe, bool is_remote, framing of, DWORD limit, buffer_source *buffers);

/* Frees the buffer, if it was not taken: set NULL there to keep it. */
void answer_fini(answer *a);

/* Makes room for the next read, behind the bytes that have come. If nothing is left of a message that is not whole, its
 * writer has cancelled it: the part is dropped. Returns a Win32 code or MESSAGE_TOO_LONG. */
DWORD answer_make_room(answer *a);

/* Takes the result of that read. Returns 0 when the answer is whole; ERROR_MORE_DATA: the next read is to follow;
 * MESSAGE_TOO_LONG, BAD_FRAME, or the error of the read. Framing UntilClosed may have an answer of no bytes. */
DWORD answer_take(answer *a, DWORD error, DWORD bytes);

#endif
