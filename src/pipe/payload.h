/* payload.h: the bytes of an outgoing message, copied once and shared by all connections it goes to. Its functions are
 * in pipe.h. */

#ifndef PIPE_PAYLOAD_H
#define PIPE_PAYLOAD_H

#include "pipe/pipe.h"

struct payload
{
    volatile LONG references; /* Interlocked */
    DWORD size;
    BYTE data[];
};

#endif
