/* The list of all scenarios. */

#include "scenario.h"

#include "limits.h"
#include "random.h"
#include "scheduler.h"

void scenario_break_mode(void);
void scenario_calls(void);
void scenario_cancelled_write(void);
void scenario_dials(void);
void scenario_echo(void);
void scenario_echo_by_waiters(void);
void scenario_echo_by_window(void);
void scenario_echo_by_workers(void);
void scenario_empty_messages(void);
void scenario_handlers_at_home(void);
void scenario_hands_over_while_stopped(void);
void scenario_leaves_early(void);
void scenario_loops(void);
void scenario_many_clients(void);
void scenario_mischief(void);
void scenario_nobody_listens(void);
void scenario_orphans(void);
void scenario_pause(void);
void scenario_paused_at_limit(void);
void scenario_posts_refused(void);
void scenario_released_elsewhere(void);
void scenario_released_in_handler(void);
void scenario_sinks_come_and_go(void);
void scenario_stop_at_any_time(void);
void scenario_stopped_from_elsewhere(void);
void scenario_stops_in_handler(void);
void scenario_thread_ends(void);
void scenario_turns(void);
void scenario_wait_event(void);

const scenario scenarios[] = {
    {"echo", scenario_echo, 550},
    {"leaves_early", scenario_leaves_early, 400},
    {"many_clients", scenario_many_clients, 900},
    {"stop_at_any_time", scenario_stop_at_any_time, 2500},
    {"hands_over_while_stopped", scenario_hands_over_while_stopped, 400},
    {"pause", scenario_pause, 800},
    {"cancelled_write", scenario_cancelled_write, 500},
    {"orphans", scenario_orphans, 800},
    {"dials", scenario_dials, 1600},
    {"calls", scenario_calls, 800},
    {"empty_messages", scenario_empty_messages, 600},
    {"echo_by_waiters", scenario_echo_by_waiters, 1000},
    {"echo_by_window", scenario_echo_by_window, 1000},
    {"echo_by_workers", scenario_echo_by_workers, 1000},
    {"break_mode", scenario_break_mode, 1700},
    {"handlers_at_home", scenario_handlers_at_home, 1000},
    {"loops", scenario_loops, 1000},
    {"mischief", scenario_mischief, 2200},
    {"nobody_listens", scenario_nobody_listens, 1100},
    {"paused_at_limit", scenario_paused_at_limit, 1500},
    {"posts_refused", scenario_posts_refused, 1400},
    {"released_elsewhere", scenario_released_elsewhere, 1700},
    {"released_in_handler", scenario_released_in_handler, 700},
    {"sinks_come_and_go", scenario_sinks_come_and_go, 3000},
    {"stopped_from_elsewhere", scenario_stopped_from_elsewhere, 1500},
    {"stops_in_handler", scenario_stops_in_handler, 1000},
    {"thread_ends", scenario_thread_ends, 1000},
    {"turns", scenario_turns, 1900},
    {"wait_event", scenario_wait_event, 1300},
    {NULL, NULL, 0},
};

/* Weak: a program that decides otherwise has one of its own. */
__attribute__((weak)) uint32_t choose(uint32_t n)
{
    return random_below(RANDOM_DATA, n);
}

void loiter(uint32_t steps)
{
    for (uint32_t i = 0; i < steps * STEP_SCALE; i++)
        point("loiters", "", 0, 0);
}
