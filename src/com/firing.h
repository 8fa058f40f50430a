/* firing.h: raises the events of a host's queue. The audience of an event's lane is a field of a source. If the event
 * belongs to a connection, its lane is a field of an endpoint. */

#ifndef COM_FIRING_H
#define COM_FIRING_H

#include "deliver/queue.h"

/* For host_calls.events: the owner of the queue is a field of a host. */
extern const queue_calls firing_calls;

#endif
