/* handles.h: finds lanes by the value of their connection's Handle. Windows gives the value of a closed handle to a
 * later connection: that connection's lane then waits until the end of the earlier connection was told.
 *
 * Nothing here locks: the caller holds the lock of the queue that the table belongs to. */

#ifndef DELIVER_HANDLES_H
#define DELIVER_HANDLES_H

#include "deliver/lane.h"

enum
{
    HANDLE_BUCKETS = 256
};

typedef struct handles
{
    list living[HANDLE_BUCKETS]; /* lanes whose end was not told yet, the oldest first */
} handles;

void handles_init(handles *t);

/* Adds the lane, behind the newest lane that has the same handle. Does nothing if the lane has no handle, or is in the
 * table. */
void handles_begin(handles *t, lane *l);

/* Puts a lane back that handles_end has removed, since its DISCONNECTED was taken and then put back. All other lanes
 * with the same handle are behind the lane again. Returns the next of them; NULL: there is none, the lane has no
 * handle, or the lane is in the table. */
lane *handles_restore(handles *t, lane *l);

/* Removes a lane whose end was told, or will not be told. False: the lane was not in the table. `*behind` is the lane
 * that was behind this lane, or NULL. */
bool handles_end(lane *l, lane **behind);

#endif
