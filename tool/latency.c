#include "tool/latency.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    ULONG one = *(const ULONG *)a, other = *(const ULONG *)b;

    return (one > other) - (one < other);
}

void latency_sort(ULONG *times, size_t count)
{
    if (count > 0)
        qsort(times, count, sizeof(*times), compare);
}

ULONG latency_percentile(const ULONG *times, size_t count, double share)
{
    double exact = share * (double)count;
    size_t rank = (size_t)exact;

    /* The nearest rank, rounded up; what a share lacks or has too much as a binary number is no rank. */
    if (exact - (double)rank > 1e-6)
        rank++;
    if (rank < 1)
        rank = 1;
    return times[(rank < count ? rank : count) - 1];
}

double latency_mean(const ULONG *times, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += times[i];
    return count > 0 ? sum / (double)count : 0;
}
