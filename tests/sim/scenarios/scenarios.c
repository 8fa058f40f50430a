/* The list of all scenarios. */

#include "scenario.h"

#include "limits.h"
#include "random.h"
#include "scheduler.h"

void scenario_cancelled_write(void);
void scenario_calls(void);
void scenario_dials(void);
void scenario_echo(void);
void scenario_empty_messages(void);
void scenario_hands_over_while_stopped(void);
void scenario_leaves_early(void);
void scenario_many_clients(void);
void scenario_orphans(void);
void scenario_pause(void);
void scenario_stop_at_any_time(void);

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
