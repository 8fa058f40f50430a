/* handles.h: lanes by the value of their connection's Handle, which Windows gives again to a later connection.
 *
 * Nothing here locks: the caller holds the lock of the queue that the table is a field of. */

#ifndef DELIVER_HANDLES_H
#define DELIVER_HANDLES_H

#include "deliver/lane.h"

enum
{
    HANDLE_BUCKETS = 256
};

/* Lanes whose end was not told yet. */
typedef struct handles
{
    list living[HANDLE_BUCKETS];
} handles;

void handles_init(handles *t);

/* The lane has its handle from now on: it is behind the newest one of those that have the same. */
void handles_begin(handles *t, lane *l);

/* Its end was not told after all, though it was taken out to be: all others that have its handle are behind it again.
 * The next of them, or NULL. */
lane *handles_restore(handles *t, lane *l);

/* Its end was told, or will not be. False: it was not in the table. `*behind`: the lane that was behind it, or NULL. */
bool handles_end(lane *l, lane **behind);

#endif
