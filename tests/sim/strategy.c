#include "strategy.h"

#include "exhaustive.h"
#include "limits.h"
#include "random.h"

#define CHANGES_MOST 3
#define FAIR_AFTER \
    (4096 *        \
     STEP_SCALE) /* steps; then the running thread falls behind, so that one that polls does not stop all others */

static strategy_kind kind;
static uint32_t step, changes_at[CHANGES_MOST];
static int changes;
static int64_t priorities[THREADS_MOST];
static int64_t lowest;

void strategy_begin(strategy_kind which, uint32_t steps)
{
    kind = which;
    step = 0;
    lowest = 0;
    changes = kind == STRATEGY_PCT ? 1 + (int)random_draw(RANDOM_SCHEDULE, CHANGES_MOST) : 0;
    for (int i = 0; i < changes; i++)
        changes_at[i] = random_draw(RANDOM_SCHEDULE, steps * STEP_SCALE);
}

void strategy_thread(int thread)
{
    if (kind == STRATEGY_PCT)
        priorities[thread] = 1 + random_draw(RANDOM_SCHEDULE, 0x7fffffff);
}

static int highest(const int *threads, int count)
{
    int best = threads[0];

    for (int i = 1; i < count; i++)
        if (priorities[threads[i]] > priorities[best])
            best = threads[i];
    return best;
}

static int by_priority(const int *threads, int count)
{
    int falls = step % FAIR_AFTER == 0;

    for (int i = 0; i < changes; i++)
        falls |= changes_at[i] == step;
    if (falls)
        priorities[highest(threads, count)] = --lowest;
    return highest(threads, count);
}

int strategy_usual(const int *threads, int count, int running)
{
    for (int i = 0; i < count; i++)
        if (threads[i] == running)
            return running;
    return threads[0];
}

int strategy_choose(const int *threads, int count, int running)
{
    step++;
    switch (kind)
    {
    case STRATEGY_PCT: return by_priority(threads, count);
    case STRATEGY_RANDOM: return threads[count > 1 ? random_draw(RANDOM_SCHEDULE, (uint32_t)count) : 0];
    case STRATEGY_EXHAUSTIVE: return exhaustive_choose(threads, count, running);
    case STRATEGY_BLOCKING:
    case STRATEGY_KINDS: break;
    }
    return strategy_usual(threads, count, running);
}
