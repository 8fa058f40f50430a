/* flow.h: one direction of a proxy: when the next message may be asked for. It keeps no lock: its owner does. */

#ifndef TOOL_FLOW_H
#define TOOL_FLOW_H

#include "base/win32.h"

#define FLOW_BYTES 1048576 /* that were read and are not taken by the far end yet: no more is asked for from here on */
#define FLOW_MESSAGES 64   /* the same for messages, which may have no bytes */

/* A zeroed flow is one where nothing was asked for. */
typedef struct flow
{
    bool asked; /* for a message that has not come yet */
    bool ended;
    ULONGLONG bytes;
    ULONG messages;
} flow;

/* Returns whether a message has to be asked for now, and counts it as asked for. */
bool flow_asks(flow *f);

/* The message has come, and goes on to the far end; or it was taken there. */
void flow_came(flow *f, size_t size);
void flow_taken(flow *f, size_t size);

/* Nothing more is to be asked for. */
void flow_end(flow *f);

#endif
