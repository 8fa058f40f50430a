/* firing.h: raises the events of a host's queue. The audience of an event's lane is a source's, and the lane an
 * endpoint's, where the event is a connection's. */

#ifndef COM_FIRING_H
#define COM_FIRING_H

#include "deliver/queue.h"

extern const queue_calls firing_calls;

#endif
