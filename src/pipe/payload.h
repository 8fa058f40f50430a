/* payload.h: the bytes of an outgoing message. The bytes are copied once, and all connections that send the message
 * share the copy. pipe.h has the functions. */

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
