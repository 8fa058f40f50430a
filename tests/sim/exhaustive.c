#include "exhaustive.h"

#include "failure.h"
#include "strategy.h"

#include <stdio.h>
#include <stdlib.h>

#define CHOICES_MOST 100000

/* A step at which more than one thread can run. Option 0 is the usual thread. */
typedef struct choice
{
    int options, taken;
    bool preempts; /* an option other than 0 is a preemption */
} choice;

static choice choices[CHOICES_MOST];
static size_t known, depth; /* choices that are prescribed; that this run has come to */
static int bound, most, used;
static bool tries, tried;
static unsigned long counts[PREEMPTIONS_MOST + 1];

void exhaustive_begin(int preemptions)
{
    bound = 0;
    most = preemptions;
    known = 0;
    tried = false;
    for (int i = 0; i <= PREEMPTIONS_MOST; i++)
        counts[i] = 0;
}

void exhaustive_run_begins(void)
{
    depth = 0;
    used = 0;
    tries = false;
}

void exhaustive_here(bool from_here)
{
    tries = from_here;
}

/* Returns the thread of an option: the usual one, then the others in their order. */
static int thread_of(const int *threads, int usual, int option)
{
    if (!option)
        return usual;
    for (;; threads++)
        if (*threads != usual && --option == 0)
            return *threads;
}

int exhaustive_choose(const int *threads, int count, int running)
{
    int usual = strategy_usual(threads, count, running);
    choice *c = &choices[depth];

    tried |= tries;
    if (!tries || count == 1)
        return usual;
    if (depth == CHOICES_MOST)
        fail("the run has more than %d choices", CHOICES_MOST);
    if (depth++ >= known)
        *c = (choice){.options = count, .preempts = usual == running};
    else if (!c->options) /* of a path */
        *c = (choice){.options = count, .preempts = usual == running, .taken = c->taken};
    if (c->options != count || c->taken >= count)
        fail("the same choices led to another run: a run does not depend on its choices alone");
    used += c->taken && c->preempts;
    return thread_of(threads, usual, c->taken);
}

bool exhaustive_next(void)
{
    int before = used; /* preemptions up to the choice that is looked at */

    if (used == bound) /* those with fewer were tried before */
        counts[bound]++;
    for (size_t i = depth; i > 0; i--)
    {
        choice *c = &choices[i - 1];

        before -= c->taken && c->preempts;
        if (c->taken + 1 < c->options && before + c->preempts <= bound)
        {
            c->taken++;
            known = i;
            return true;
        }
    }
    known = 0;
    return bound++ < most;
}

bool exhaustive_tried(void)
{
    return tried;
}

unsigned long exhaustive_count(int preemptions)
{
    return counts[preemptions];
}

/* ---- paths ---- */

/* The choices at which another option than 0 was taken: CHOICE.OPTION,... */
void exhaustive_path(char *to, size_t size)
{
    size_t length = 0;

    to[0] = '\0';
    for (size_t i = 0; i < depth && length < size; i++)
        if (choices[i].taken)
            length += (size_t)snprintf(to + length, size - length, "%s%zu.%d", length ? "," : "", i, choices[i].taken);
    if (!length)
        snprintf(to, size, "-");
}

bool exhaustive_at(const char *path)
{
    char *end;

    exhaustive_begin(0);
    if (!*path || !path[1]) /* "-" */
        return *path == '-';
    for (;; path = end + 1)
    {
        unsigned long place = strtoul(path, &end, 10);

        if (*end != '.' || place < known || place >= CHOICES_MOST)
            return false;
        while (known <= place)
            choices[known++] = (choice){0};
        choices[place].taken = (int)strtoul(end + 1, &end, 10);
        if (*end != ',')
            return !*end;
    }
}
