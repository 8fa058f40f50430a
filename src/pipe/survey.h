/* survey.h: what an engine looks like at one moment, for a person who looks for a fault. */

#ifndef PIPE_SURVEY_H
#define PIPE_SURVEY_H

#include "pipe/pipe.h"

typedef struct engine_survey
{
    unsigned opening, open, ending; /* connections, by their state; instances that listen are none */
    unsigned choked;                /* of the open ones: the receive limit was reached, and nothing is read */
    unsigned unasked;               /* of the open ones: nothing is read, since no connection_read waits */
    unsigned unsplit;               /* of the open ones: bytes have come, and no message was whole yet */
    unsigned blocked;               /* connections whose messages wait to be sent */
    LONGLONG pending_bytes;         /* bytes that these messages have */
    unsigned threads;               /* workers */
    bool paused;                    /* see engine_pause */
    /* Of an engine that listens. */
    unsigned listening, parked;
    unsigned clients, most; /* `most` 0: no limit */
    DWORD listen_error;     /* why no further instance can be made, as SERVER_ERROR had it; 0: it can */
} engine_survey;

/* Takes each connection's lock for a few instructions, one after the other, so the numbers of a busy engine may not
 * fit together. Any thread; does not block. */
void engine_survey_take(engine *e, engine_survey *out);

#endif
