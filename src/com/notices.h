/* notices.h: what is noted of an event when it comes from the engine, before it is told: errors for Diagnose, and lines
 * of the trace. Any thread, with no lock held. */

#ifndef COM_NOTICES_H
#define COM_NOTICES_H

#include "com/host.h"

/* Notes an event of the lane `l`; see run_calls.notice. */
void notices_add(host *h, lane *l, const pipe_event *event);

/* Returns the reason in words; NULL: CLOSE_NONE. */
const WCHAR *notices_reason(close_reason reason);

#endif
