/* port.h: completion ports. Packets are taken in the order in which they came. Which of the waiting threads takes the
 * next is the schedule's choice: Windows wakes the one that waits least long, Wine (server/completion.c) the one that
 * waits longest. */

#ifndef SIM_PORT_H
#define SIM_PORT_H

#include "objects.h"

typedef struct port_object port_object;

typedef struct packet
{
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    DWORD error, bytes;
    bool fills;           /* taking the packet sets the result */
    const char *function; /* of a request of the product; NULL: of none */
} packet;

void port_put(port_object *p, const packet *what);

#endif
