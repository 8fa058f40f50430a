/* failure_report.h: the event that tells a consumer of a handler that failed: ServerError of a server, Error of a
 * client's connection. */

#ifndef COM_FAILURE_REPORT_H
#define COM_FAILURE_REPORT_H

#include "com/source.h"

/* Queues the report that a handler of `event`, of a sink of `s`, has failed with `code`; `said` is the sentence about
 * it. Queues none if the event is itself a report or the last event of its source, if no sink of the source has a
 * handler for the report, or while such a report waits. If memory is short, the report has a sentence of its own, or
 * there is none. Any thread; the caller holds the event. */
void failure_report(source *s, const pipe_event *event, HRESULT code, const WCHAR *said);

/* Returns the Description of an error event, a sentence; free it with SysFreeString. NULL: memory is short. */
BSTR failure_report_describe(const pipe_event *event);

#endif
