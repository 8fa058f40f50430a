/* load_report.h: what `load` says: while it runs, and in the end. Main thread. */

#ifndef TOOL_LOAD_REPORT_H
#define TOOL_LOAD_REPORT_H

#include "base/win32.h"

typedef struct load_counts
{
    LONG clients, messages, size; /* messages: of each client */
    LONG wanted;                  /* answers in all */
    bool one_way;                 /* what is counted is messages that the pipe took */
} load_counts;

typedef struct load_result
{
    LONG answers, connected, errors;
    double seconds;     /* to the last answer; where there was none, to the end */
    bool is_stopped;    /* by Ctrl+C, before all was answered */
    const ULONG *times; /* of the answers, in 100 ns, sorted */
    const WCHAR *error; /* the first one, or NULL */
} load_result;

/* A line on the standard error; at a console in place of the last one. */
void load_report_progress(const load_counts *counts, LONG answers, double seconds);

void load_report(const load_counts *counts, const load_result *result, bool as_json);

#endif
