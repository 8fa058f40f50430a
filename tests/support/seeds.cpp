#include "support/seeds.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

/* SplitMix64, Steele, Lea, Flood 2014: the next number of a state, which grows by `step` each time. */
static constexpr uint64_t step = 0x9e3779b97f4a7c15u;

static uint64_t mixed(uint64_t state)
{
    uint64_t z = state;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Mixed, since the states of a multiple of `step` would be those of the next multiple, one number later. */
draw::draw(uint64_t seed) : state(mixed(seed * step))
{
}

uint32_t draw::below(uint32_t n)
{
    return static_cast<uint32_t>(((mixed(state += step) >> 32) * n) >> 32);
}

bool draw::one_in(uint32_t n)
{
    return below(n) == 0;
}

static unsigned long long number_from(const char *name)
{
    const char *value = std::getenv(name);

    return value ? std::strtoull(value, nullptr, 10) : 0;
}

/* Returns whether the test holds for the seed. */
static bool holds(uint64_t seed, const std::function<void(draw &)> &test)
{
    SCOPED_TRACE("Again: NPS_SEED=" + std::to_string(seed));
    draw d(seed);

    test(d);
    return !testing::Test::HasFailure();
}

void for_each_seed(unsigned count, const std::function<void(draw &)> &test)
{
    using clock = std::chrono::steady_clock;
    const uint64_t single = number_from("NPS_SEED"), seconds = number_from("NPS_SECONDS");
    const auto end = clock::now() + std::chrono::seconds(seconds);
    uint64_t seed = single ? single : 1, last = single ? single : count;

    if (seconds > 0) /* seeds that no other run had */
    {
        seed = static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
        last = UINT64_MAX;
    }
    const uint64_t first = seed;
    while (seed <= last && holds(seed, test) && (seconds == 0 || clock::now() < end))
        seed++;
    if (seconds > 0)
        std::printf("%llu seeds\n", static_cast<unsigned long long>(seed - first + 1));
}
