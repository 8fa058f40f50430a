#include "each_fault.h"

#include <stdio.h>

#define LASTING 2000 /* calls: longer than almost all runs. Some scenarios wait until a shortage of memory is over */

static unsigned all_plans, taken_every; /* counted over all scenarios, so that each has its share */

static bool run_with(run_again run, void *context, const fault_plan *plan)
{
    bool goes_on;

    if (plan->last && all_plans++ % taken_every)
        return true;
    faults_plan(plan);
    goes_on = run(context);
    faults_plan(NULL);
    return goes_on;
}

/* Each call, with each code; each burst; and from each call on. */
static bool each_call(run_again run, void *context, fault_place place, uint32_t calls)
{
    int codes = faults_codes(place);

    for (uint32_t call = 1; call <= calls; call++)
    {
        fault_plan burst = {place, call, call + 1 + call % 4, (int)call % codes};
        fault_plan all = {place, call, call + LASTING, (int)call % codes};

        for (int code = 0; code < codes; code++)
        {
            fault_plan one = {place, call, call, code};

            if (!run_with(run, context, &one))
                return false;
        }
        if (!run_with(run, context, &burst))
            return false;
        if (faults_may_last(place) && !run_with(run, context, &all))
            return false;
    }
    return true;
}

bool each_fault(run_again run, void *context, unsigned every)
{
    static const fault_plan none = {.last = 0};
    uint32_t calls[FAULT_PLACES];

    taken_every = every;
    if (!run_with(run, context, &none))
        return false;
    for (int place = 0; place < FAULT_PLACES; place++)
        calls[place] = faults_calls((fault_place)place);
    for (int place = 0; place < FAULT_PLACES; place++)
        if (!each_call(run, context, (fault_place)place, calls[place]))
            return false;
    return true;
}

void plan_write(const fault_plan *plan, char text[PLAN_TEXT])
{
    snprintf(text, PLAN_TEXT, "%d:%u:%u:%d", plan->place, plan->first, plan->last, plan->code);
}

bool plan_read(const char *text, fault_plan *plan)
{
    int place;

    if (sscanf(text, "%d:%u:%u:%d", &place, &plan->first, &plan->last, &plan->code) != 4)
        return false;
    plan->place = (fault_place)place;
    return place >= 0 && place < FAULT_PLACES && plan->code < faults_codes(plan->place);
}
