/* latency.h: many measured times, and which share of them was shorter than what. One thread. */

#ifndef TOOL_LATENCY_H
#define TOOL_LATENCY_H

#include "base/win32.h"

/* Sorts times, for latency_percentile. */
void latency_sort(ULONG *times, size_t count);

/* The least of the times that `share` (above 0, to 1) of all do not exceed: 0.5 for the median, 1 for the longest.
 * `times` is sorted and has at least one. */
ULONG latency_percentile(const ULONG *times, size_t count, double share);

double latency_mean(const ULONG *times, size_t count);

#endif
