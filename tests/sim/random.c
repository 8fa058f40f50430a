#include "random.h"

#include "decisions.h"

static uint64_t states[RANDOM_USES];

/* SplitMix64, Steele, Lea, Flood 2014. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A use that is added leaves the generators of the others as they were. */
void random_seed(uint64_t seed)
{
    for (int i = 0; i < RANDOM_USES; i++)
    {
        states[i] = seed * 4 + (uint64_t)(i % 4) + ((uint64_t)(i / 4) << 60);
        states[i] = next(&states[i]);
    }
}

uint32_t random_draw(random_use use, uint32_t n)
{
    return (uint32_t)(((next(&states[use]) >> 32) * n) >> 32);
}

uint32_t random_below(random_use use, uint32_t n)
{
    return decisions_number(use, n, random_draw(use, n));
}

const char *random_use_name(random_use use)
{
    static const char *const names[] = {"schedule", "faults", "ways", "data", "windows"};

    _Static_assert(sizeof(names) / sizeof(names[0]) == RANDOM_USES, "each use has a name");
    return names[use];
}
