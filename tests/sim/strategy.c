#include "strategy.h"

#include "exhaustive.h"
#include "limits.h"
#include "random.h"

#define CHANGES_MOST 3
/* Steps; then the running thread falls behind, so that one that polls does not stop all others. */
#define FAIR_AFTER (4096 * STEP_SCALE)

static strategy_kind kind;
static uint32_t step, changes_at[CHANGES_MOST];
static int changes;
static int64_t priorities[THREADS_MOST];
static int64_t lowest;

void strategy_begin(strategy_kind which, uint32_t steps)
{
    kind = which;
    step = 0;
    lowest = -CHANGES_MOST;
    changes = kind == STRATEGY_PCT ? 1 + (int)random_draw(RANDOM_SCHEDULE, CHANGES_MOST) : 0;
    for (int i = 0; i < changes; i++)
        changes_at[i] = 1 + random_draw(RANDOM_SCHEDULE, steps * STEP_SCALE);
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

/* The change points are in no order, so a thread that falls later may fall below or above one that fell before. */
static int by_priority(const int *threads, int count)
{
    for (int i = 0; i < changes; i++)
        if (changes_at[i] == step)
            priorities[highest(threads, count)] = -1 - i;
    if (step % FAIR_AFTER == 0)
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
