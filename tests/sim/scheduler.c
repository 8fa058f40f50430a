#include "scheduler.h"

#include "decisions.h"
#include "failure.h"
#include "limits.h"
#include "locks.h"
#include "races.h"
#include "random.h"
#include "strategy.h"
#include "trace.h"
#include "ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#define CLOCK_STARTS 1000000           /* ms */
#define HURRY_ONE_IN (40 * STEP_SCALE) /* steps */
#define HURRY_MOST 2000                /* ms */
#define STILL_MOST \
    (5000 * STEP_SCALE) /* steps; then time moves, so that threads that never rest do not stop the clock */
#define LATE_MOST 30000 /* ms, then; less than a scenario waits before it calls an answer lost */

typedef struct thread
{
    const char *name;
    void (*run)(void *argument);
    void *argument;
    bool daemon, entered, ended;
    bool acts_for_client;
    void *stack;
    void *context[5];             /* of __builtin_setjmp, which makes no system call */
    void *fake_stack;             /* AddressSanitizer's */
    void *fiber;                  /* ThreadSanitizer's */
    bool (*ready)(void *context); /* NULL: it can run */
    void *ready_context;
    uint64_t until;
    const char *what;
    int number;
} thread;

static thread threads[THREADS_MOST];
static int count, alive, current = -1;
static uint64_t now;
static uint32_t steps, moved_at; /* the step at which time moved last */
static void *free_stacks[THREADS_MOST];
static int free_stack_count;
static ucontext_t home;
static void *home_fake_stack, *home_fiber;
static const void *home_bottom;
static size_t home_size;
static bool hurried;
int scheduler_clock_held, scheduler_points_off;

/* ---- stacks and switches ---- */

static void *take_stack(void)
{
    void *stack;

    if (free_stack_count)
    {
        stack = free_stacks[--free_stack_count];
#ifdef __SANITIZE_ADDRESS__
        __asan_unpoison_memory_region(stack, STACK_SIZE); /* frames that were left by a jump are still poisoned */
#endif
#ifdef SIM_TSAN
        if (mmap(stack, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != stack)
            fail("the host has no memory for a stack"); /* a new mapping is no thread's any more */
#endif
        return stack;
    }
    stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        fail("the host has no memory for a stack");
    return stack;
}

__attribute__((no_sanitize_address)) static void before_switch(void **fake_stack, const void *bottom, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(fake_stack, bottom, size);
#else
    (void)fake_stack, (void)bottom, (void)size;
#endif
}

__attribute__((no_sanitize_address)) static void after_switch(void *fake_stack)
{
#ifdef __SANITIZE_ADDRESS__
    const void *bottom;
    size_t size;

    __sanitizer_finish_switch_fiber(fake_stack, &bottom, &size);
    if (!home_bottom) /* the first switch of all came from the host's own stack */
    {
        home_bottom = bottom;
        home_size = size;
    }
#else
    (void)fake_stack;
#endif
}

/* ThreadSanitizer takes what runs from now on for another thread, which the switch does not order after this one. */
static void switch_fiber(void *fiber)
{
#ifdef SIM_TSAN
    __tsan_switch_to_fiber(fiber, TSAN_NO_ORDER);
#else
    (void)fiber;
#endif
}

/* A new fiber is ordered after what its creator did. */
static void *create_fiber(const char *name)
{
#ifdef SIM_TSAN
    void *fiber = __tsan_create_fiber(0);

    __tsan_set_fiber_name(fiber, name);
    return fiber;
#else
    (void)name;
    return NULL;
#endif
}

static void destroy_fibers(void)
{
#ifdef SIM_TSAN
    for (int i = 0; i < count; i++)
        __tsan_destroy_fiber(threads[i].fiber);
#endif
}

static void begin(void)
{
    thread *t = &threads[current];

    after_switch(NULL);
    t->run(t->argument);
    scheduler_exit();
}

/* Enters `t` for the first time. */
__attribute__((no_sanitize_address)) static void enter(thread *t)
{
    static ucontext_t fresh;

    t->entered = true;
    getcontext(&fresh);
    fresh.uc_stack.ss_sp = t->stack;
    fresh.uc_stack.ss_size = STACK_SIZE;
    fresh.uc_link = NULL;
    makecontext(&fresh, begin, 0);
    setcontext(&fresh);
}

__attribute__((noinline, no_sanitize_address)) static void jump(thread *t)
{
    if (!t->entered)
        enter(t);
    __builtin_longjmp(t->context, 1);
}

__attribute__((noinline, no_sanitize_address)) static void switch_to(int next)
{
    thread *from = &threads[current], *to = &threads[next];

    current = next;
    before_switch(from->ended ? NULL : &from->fake_stack, to->stack, STACK_SIZE);
    switch_fiber(to->fiber);
    if (!__builtin_setjmp(from->context))
        jump(to);
    after_switch(threads[current].fake_stack);
}

__attribute__((no_sanitize_address)) static void go_home(void)
{
    current = -1;
    before_switch(NULL, home_bottom, home_size);
    switch_fiber(home_fiber);
    setcontext(&home);
}

/* ---- choosing ---- */

static bool can_run(const thread *t)
{
    return !t->ended && (!t->ready || now >= t->until || t->ready(t->ready_context));
}

static int list_runnable(int *out)
{
    int runnable = 0;

    for (int i = 0; i < count; i++)
        if (can_run(&threads[i]))
            out[runnable++] = i;
    return runnable;
}

static uint64_t next_deadline(void)
{
    uint64_t next = NEVER;

    for (int i = 0; i < count; i++)
        if (!threads[i].ended && threads[i].ready && threads[i].until < next && threads[i].until > now)
            next = threads[i].until;
    return next;
}

static void fail_nobody_can_run(void)
{
    fprintf(stderr, "Each thread waits, and for no time:\n");
    for (int i = 0; i < count; i++)
        if (!threads[i].ended)
            fprintf(stderr, "  %2d %-10s waits for %s %d\n", i, threads[i].name, threads[i].what, threads[i].number);
    fail("nobody can run");
}

static void move_clock(uint64_t to)
{
    now = to;
    moved_at = steps;
}

/* Lets time move although threads can run. */
static void hurry(void)
{
    bool is_late = steps - moved_at > STILL_MOST;
    uint64_t next;

    if (scheduler_clock_held)
        return;
    if (!is_late && !decisions_clock(ways.restless_clock && !random_draw(RANDOM_SCHEDULE, HURRY_ONE_IN)))
        return;
    next = next_deadline();
    if (next == NEVER || next - now > (is_late ? LATE_MOST : HURRY_MOST))
        return;
    hurried = true;
    move_clock(next);
}

static int choose(void)
{
    int runnable[THREADS_MOST], how_many;

    if (++steps > STEPS_MOST)
        fail("the run does not end");
    hurry();
    while ((how_many = list_runnable(runnable)) == 0)
    {
        uint64_t next = next_deadline();

        if (next == NEVER)
            fail_nobody_can_run();
        move_clock(next);
    }
    return decisions_thread(runnable, how_many, current, strategy_choose(runnable, how_many, current));
}

/* The run is over when only daemons are left and the system has nothing under way. */
static void give_way(void)
{
    int next;

    if (!alive && !scheduler_clock_held)
        go_home();
    next = choose();
    if (next != current)
        switch_to(next);
}

/* ---- threads ---- */

int scheduler_start(void (*run)(void *argument), void *argument, const char *name, bool daemon)
{
    thread *t = &threads[count];

    if (count == THREADS_MOST)
        fail("the run has more than %d threads", THREADS_MOST);
    *t = (thread){.name = name, .run = run, .argument = argument, .daemon = daemon, .stack = take_stack()};
    t->fiber = create_fiber(name);
    strategy_thread(count);
    alive += !daemon;
    return count++;
}

void scheduler_set_argument(int number, void *argument)
{
    threads[number].argument = argument;
}

void scheduler_exit(void)
{
    thread *t = &threads[current];

    t->ended = true;
    races_release(&home); /* the next run comes after all threads of this one */
    alive -= !t->daemon;
    free_stacks[free_stack_count++] = t->stack; /* nobody takes it before this thread has left it */
    give_way();
    __builtin_unreachable();
}

/* A daemon's thread is dropped where it waits; its stack holds nothing that must be freed. */
static void drop_daemons(void)
{
    for (int i = 0; i < count; i++)
        if (!threads[i].ended)
            free_stacks[free_stack_count++] = threads[i].stack;
}

__attribute__((no_sanitize_address)) void scheduler_run(void (*first)(void *argument), void *argument)
{
    volatile bool started = false;

    now = CLOCK_STARTS;
    steps = moved_at = 0;
    hurried = false;
    scheduler_clock_held = scheduler_points_off = 0;
    scheduler_start(first, argument, "scenario", false);
#ifdef SIM_TSAN
    home_fiber = __tsan_get_current_fiber();
#endif
    getcontext(&home);
    if (!started)
    {
        started = true;
        current = choose();
        before_switch(&home_fake_stack, threads[current].stack, STACK_SIZE);
        switch_fiber(threads[current].fiber);
        enter(&threads[current]);
    }
    after_switch(home_fake_stack);
    drop_daemons();
    races_acquire(&home);
    destroy_fibers();
    count = alive = 0;
}

/* ---- points, waits, time ---- */

void point(const char *function, const char *kind, int number, uint32_t value)
{
    if (current < 0 || scheduler_points_off)
        return;
    trace_step(current, threads[current].name, function, kind, number, value);
    if (threads[current].acts_for_client && strcmp(function, "OpenThreadToken") && strcmp(function, "RevertToSelf"))
        fail("%s acts for a client in %s", threads[current].name, function);
    give_way();
}

void scheduler_act_for_client(bool acts)
{
    threads[current].acts_for_client = acts;
}

bool scheduler_acts_for_client(void)
{
    return threads[current].acts_for_client;
}

bool scheduler_wait(bool (*ready)(void *context), void *context, uint64_t until, const char *what, int number)
{
    thread *t = &threads[current];
    bool came;

    if (until == NEVER && locks_held() && ready != locks_is_free)
        fail("%s waits for %s %d without a limit and holds a lock", t->name, what, number);
    t->ready = ready;
    t->ready_context = context;
    t->until = until;
    t->what = what;
    t->number = number;
    give_way();
    came = ready(context);
    t->ready = NULL;
    return came;
}

uint64_t scheduler_now(void)
{
    return now;
}

uint64_t scheduler_in(uint32_t ms)
{
    return ms == UINT32_MAX ? NEVER : now + ms;
}

bool scheduler_has_hurried(void)
{
    return hurried;
}

int scheduler_current(void)
{
    return current;
}

bool scheduler_has_ended(int number)
{
    return threads[number].ended;
}

const char *scheduler_name(int number)
{
    return threads[number].name;
}

bool scheduler_is_own_stack(const void *address)
{
    return (size_t)((const char *)address - (const char *)threads[current].stack) < STACK_SIZE;
}

uint32_t scheduler_steps(void)
{
    return steps;
}
