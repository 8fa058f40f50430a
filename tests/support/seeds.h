/* seeds.h: tests that draw their data. A number that is drawn follows from the seed alone, so that a failure can be had
 * again:
 *
 *     TEST(Seeded, ...)
 *     {
 *         for_each_seed(2000, [](draw &d) { EXPECT_EQ(f(d.below(10)), ...); });
 *     }
 *
 * It ends with the first seed that fails, and says which. The environment makes it longer: NPS_SECONDS=600 goes on with
 * fresh seeds for ten minutes in each test; NPS_SEED=N runs that one alone. scripts/fuzz sets them. */

#ifndef SUPPORT_SEEDS_H
#define SUPPORT_SEEDS_H

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

class draw
{
  public:
    explicit draw(uint64_t seed);

    /* A number below `n`, which is at least 1. */
    uint32_t below(uint32_t n);
    bool one_in(uint32_t n);

    template <typename Value> Value one_of(const std::vector<Value> &values)
    {
        return values[below(static_cast<uint32_t>(values.size()))];
    }
    template <typename Value> Value one_of(std::initializer_list<Value> values)
    {
        return one_of(std::vector<Value>(values));
    }

  private:
    uint64_t state;
};

/* Calls `test` with each of the seeds 1 to `count`. */
void for_each_seed(unsigned count, const std::function<void(draw &)> &test);

#endif
