#include "sample.h"

#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct latencies
{
    LONGLONG *ticks;
    size_t count, room;
} latencies;

static latencies kept[2];

LONGLONG sample_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

static double ticks_a_second(void)
{
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    return (double)frequency.QuadPart;
}

LONGLONG sample_ticks_of_ms(DWORD ms)
{
    return (LONGLONG)(ticks_a_second() * ms / 1000);
}

sample_limit sample_limit_of(const char *text)
{
    sample_limit limit = {0, 0};
    char *rest;
    DWORD number = strtoul(text, &rest, 10);

    if (number == 0 || (*rest != '\0' && strcmp(rest, "ms") != 0))
        link_fail("the limit is neither 100ms nor 100", ERROR_INVALID_PARAMETER);
    if (*rest)
        limit.ms = number;
    else
        limit.messages = number;
    return limit;
}

void sample_begin(sample *s, int pipe, int round)
{
    s->pipe = pipe;
    s->round = round;
    s->messages = 0;
    s->began = sample_now();
}

bool sample_goes_on(const sample *s, const sample_limit *limit)
{
    if (limit->ms == 0)
        return s->messages < limit->messages;
    return sample_now() - s->began < sample_ticks_of_ms(limit->ms);
}

void sample_end(const sample *s)
{
    double seconds = (double)(sample_now() - s->began) / ticks_a_second();

    printf("{\"pipe\": %d, \"round\": %d, \"messages\": %lu, \"seconds\": %.7f}\n", s->pipe, s->round, s->messages,
           seconds);
    fflush(stdout);
}

void latency_keep(int pipe, LONGLONG ticks)
{
    latencies *l = &kept[pipe];

    if (l->count == l->room)
    {
        l->room = l->room ? l->room * 2 : 4096;
        l->ticks = realloc(l->ticks, l->room * sizeof(*l->ticks));
        if (!l->ticks)
            link_fail("no memory", ERROR_NOT_ENOUGH_MEMORY);
    }
    l->ticks[l->count++] = ticks;
}

static int compare(const void *left, const void *right)
{
    LONGLONG a = *(const LONGLONG *)left, b = *(const LONGLONG *)right;

    return a < b ? -1 : a > b;
}

static double part_us(const latencies *l, double part)
{
    return (double)l->ticks[(size_t)((double)(l->count - 1) * part)] * 1e6 / ticks_a_second();
}

void latency_tell(void)
{
    int pipe;

    for (pipe = 0; pipe < 2; pipe++)
    {
        latencies *l = &kept[pipe];

        if (!l->count)
            continue;
        qsort(l->ticks, l->count, sizeof(*l->ticks), compare);
        printf("{\"pipe\": %d, \"latencies\": %lu, \"median_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f}\n", pipe,
               (unsigned long)l->count, part_us(l, 0.5), part_us(l, 0.99), part_us(l, 0.999));
    }
}
