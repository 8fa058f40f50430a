/* leaks.h: whether a test leaves behind what it was not given.
 *
 *     TEST(Listener, EndsWithoutATrace)
 *     {
 *         leak_check nothing_is_left;
 *         ...
 *     }
 *
 * At the end of the scope it waits, 10 s at most, until this process has no more than before of:
 * - memory of mem_alloc, to the block;
 * - threads, but for those of the system's own pools;
 * - handles, but for semaphores: the system makes one for a lock of its own once two threads want it;
 * - bytes of all heaps, coarsely, since the C library and Windows keep some (see `heap_allowance`);
 * - whatever else the test names, as `leak_check check({{"windows", [] { return long{...}; }}})`.
 * Then it has all heaps validated. What is still too much fails the test, with the numbers. But what the system may
 * keep for later (handles, bytes of heap, what else the test names) it keeps once: a test after which there is more of
 * that is run a second time when all have run (main.cpp), and fails where there is more again.
 *
 * Declare it first, so that all else in the scope has ended before it. One at a time; it counts mem_alloc through the
 * table `win32`, so no thread of the product may run when it begins. */

#ifndef SUPPORT_LEAKS_H
#define SUPPORT_LEAKS_H

#include <functional>
#include <string>
#include <vector>

/* Handles that this process has open, semaphores left out. */
unsigned count_handles();

/* Threads of this process that were not started by Windows itself. */
unsigned count_threads();

/* Bytes that are allocated on all heaps of this process. */
size_t count_heap_bytes();

/* Whether no heap of this process is damaged. */
bool heaps_are_valid();

class leak_check
{
  public:
    struct counter
    {
        std::string what;
        std::function<long long()> count;
        long long allowance = 0; /* how much more than before is no leak */
        bool ours = false;       /* the system keeps none of it */
        long long before = 0;
    };

    static constexpr long long heap_allowance = 128 * 1024;

    /* In the last round nothing is left to a second one. */
    static bool last_round;
    /* How long it waits for what ends by itself, in milliseconds; a fifth of it for what can be left to a second
     * round. */
    static unsigned patience;
    /* The tests to be run a second time, as a filter of GoogleTest's; empty: none. */
    static std::string tests_to_run_again();

    explicit leak_check(std::vector<counter> others = {});
    ~leak_check();

    leak_check(const leak_check &) = delete;
    leak_check &operator=(const leak_check &) = delete;

  private:
    /* What there is too much of; empty: nothing. */
    std::string complaint(bool ours_alone) const;
    bool waits_in_vain() const;

    std::vector<counter> counters;
};

#endif
