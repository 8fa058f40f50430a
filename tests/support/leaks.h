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
 * Then it has all heaps validated. What is still too much fails the test, with the numbers.
 *
 * But the system may keep some for later, as much as its caches hold and no more; what we leak comes with every run.
 * So a test that leaves more than it found is run again when all have run (main.cpp), and has to leave no more in the
 * second round; in the eighth, of bytes of heap: Wine 10 keeps blocks that were freed in groups of 31, for each size
 * and for up to 32 threads, and lists those groups as used. What is ours, such as memory of mem_alloc, is judged in
 * the first.
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

/* Blocks of mem_alloc that were allocated and not freed, of those times at which there was a leak_check. */
long long count_blocks();

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
        int rounds = 2;          /* in the last of them it is judged; 1 for what the system keeps nothing of */
        long long before = 0;
    };

    static constexpr long long heap_allowance = 128 * 1024;
    static constexpr int heap_rounds = 8; /* none has more */

    /* 1 for the first. */
    static int round;
    /* How long it waits for what ends by itself, in milliseconds; a twentieth of it for what can be left to another
     * round. */
    static unsigned patience;
    /* The tests to be run in the next round, as a filter of GoogleTest's; empty: none. The list is empty then. */
    static std::string take_tests_to_run_again();

    explicit leak_check(std::vector<counter> others = {});
    ~leak_check();

    leak_check(const leak_check &) = delete;
    leak_check &operator=(const leak_check &) = delete;

  private:
    /* What there is too much of, of that which is judged in this many rounds; empty: nothing. */
    std::string complaint(int rounds) const;
    bool waits_in_vain() const;

    std::vector<counter> counters;
};

#endif
