#include "decisions.h"

#include "failure.h"
#include "limits.h"
#include "scheduler.h"
#include "strategy.h"
#include "trace.h"
#include "ways.h"

#include <stdlib.h>
#include <string.h>

static enum
{
    OFF,
    RECORDS,
    FOLLOWS
} state;
static bool describes;
static decisions *list;
static decision *sorted[DECISIONS_MOST]; /* of a list that is followed */
static uint32_t places[DECISION_KINDS][THREADS_MOST + 1];

void decisions_record(decisions *into)
{
    state = RECORDS;
    list = into;
    list->count = 0;
}

static int compare(const void *of_a, const void *of_b)
{
    const decision *a = *(decision *const *)of_a, *b = *(decision *const *)of_b;

    if (a->kind != b->kind)
        return a->kind - b->kind;
    if (a->thread != b->thread)
        return a->thread - b->thread;
    return (a->place > b->place) - (a->place < b->place);
}

void decisions_follow(decisions *followed, bool with_words)
{
    state = FOLLOWS;
    describes = with_words;
    list = followed;
    for (size_t i = 0; i < list->count; i++)
    {
        list->list[i].used = false;
        sorted[i] = &list->list[i];
    }
    qsort(sorted, list->count, sizeof(sorted[0]), compare);
}

void decisions_begin(void)
{
    memset(places, 0, sizeof(places));
}

/* ---- one decision ---- */

static void describe(decision *d, bool runnable)
{
    char last[60];

    if (d->kind == RANDOM_WAYS)
        snprintf(d->words, sizeof(d->words), "%s", ways_name(d->place));
    if (d->kind < DECISION_CLOCK)
        return;
    trace_last(last, sizeof(last));
    if (d->kind == DECISION_RUN)
        snprintf(d->words, sizeof(d->words), "%.14s %u goes on, %s: %.58s", scheduler_name((int)d->value), d->value,
                 runnable ? "before" : "since one waits", last);
    else
        snprintf(d->words, sizeof(d->words), "time moves, before: %.58s", last);
}

static void note(int kind, uint32_t place, uint32_t value)
{
    decision *d = &list->list[list->count];

    if (list->count == DECISIONS_MOST)
        fail("the run decides more than %d times", DECISIONS_MOST);
    *d = (decision){.kind = kind, .thread = scheduler_current(), .place = place, .value = value};
    list->count++;
}

static decision *find(int kind, uint32_t place)
{
    decision wanted = {.kind = kind, .thread = scheduler_current(), .place = place}, *key = &wanted, **found;

    found = bsearch(&key, sorted, list->count, sizeof(sorted[0]), compare);
    return found ? *found : NULL;
}

static void use(decision *d, bool runnable)
{
    d->used = true;
    if (!describes)
        return;
    describe(d, runnable);
    if (d->words[0])
        trace_say(d->words);
}

static uint32_t next_place(int kind)
{
    return places[kind][scheduler_current() + 1]++;
}

uint32_t decisions_number(random_use of, uint32_t n, uint32_t drawn)
{
    uint32_t place;
    decision *d;

    if (state == OFF)
        return drawn;
    place = next_place((int)of);
    if (state == RECORDS)
    {
        if (drawn)
            note((int)of, place, drawn);
        return drawn;
    }
    d = find((int)of, place);
    if (!d)
        return 0;
    use(d, true);
    return d->value < n ? d->value : n - 1;
}

bool decisions_clock(bool drawn)
{
    uint32_t place;
    decision *d;

    if (state == OFF)
        return drawn;
    place = next_place(DECISION_CLOCK);
    if (state == RECORDS)
    {
        if (drawn)
            note(DECISION_CLOCK, place, 1);
        return drawn;
    }
    d = find(DECISION_CLOCK, place);
    if (d)
        use(d, true);
    return d != NULL;
}

static bool is_among(const int *threads, int count, int wanted)
{
    for (int i = 0; i < count; i++)
        if (threads[i] == wanted)
            return true;
    return false;
}

int decisions_thread(const int *threads, int count, int running, int chosen)
{
    int usual = strategy_usual(threads, count, running);
    bool runnable = usual == running;
    uint32_t place;
    decision *d;

    if (state == OFF)
        return chosen;
    place = next_place(DECISION_RUN);
    if (state == RECORDS)
    {
        if (chosen != usual)
            note(DECISION_RUN, place, (uint32_t)chosen);
        return chosen;
    }
    d = find(DECISION_RUN, place);
    if (!d || !is_among(threads, count, (int)d->value) || (int)d->value == usual)
        return usual;
    use(d, runnable);
    return (int)d->value;
}

/* ---- as text ---- */

static const char *kind_name(int kind)
{
    return kind == DECISION_CLOCK ? "clock" : kind == DECISION_RUN ? "run" : random_use_name((random_use)kind);
}

void decisions_write(const decisions *from, FILE *to)
{
    for (size_t i = 0; i < from->count; i++)
    {
        const decision *d = &from->list[i];

        fprintf(to, "%-8s %3d %6u %6u%s%s\n", kind_name(d->kind), d->thread, d->place, d->value,
                d->words[0] ? "  # " : "", d->words);
    }
}

bool decisions_read(decisions *to, const char *line)
{
    decision d = {0};
    char name[20];

    if (to->count == DECISIONS_MOST || sscanf(line, "%19s %d %u %u", name, &d.thread, &d.place, &d.value) != 4)
        return false;
    while (d.kind < DECISION_KINDS && strcmp(name, kind_name(d.kind)))
        d.kind++;
    if (d.kind == DECISION_KINDS || d.thread < -1 || d.thread >= THREADS_MOST)
        return false;
    to->list[to->count++] = d;
    return true;
}
