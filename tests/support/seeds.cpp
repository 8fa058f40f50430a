#include "support/seeds.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

draw::draw(uint64_t seed) : state(seed * 0x9e3779b97f4a7c15u)
{
}

/* SplitMix64, Steele, Lea, Flood 2014. */
uint32_t draw::below(uint32_t n)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<uint32_t>((((z ^ (z >> 31)) >> 32) * n) >> 32);
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
