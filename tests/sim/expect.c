#include "expect.h"

#include "failure.h"
#include "faults.h"
#include "scheduler.h"

#define PATIENCE_MS 600000

bool time_is_judged(void)
{
    return !faults_made() && !scheduler_has_hurried();
}

bool expect_within(uint32_t ms, bool (*ready)(void *context), void *context, const char *what)
{
    uint64_t begun = scheduler_now();

    if (ready(context) || scheduler_wait(ready, context, scheduler_in(ms + 1), what, 0))
        return true;
    if (time_is_judged() && scheduler_now() - begun > ms)
        fail("%s should have come within %u ms", what, ms);
    return scheduler_wait(ready, context, scheduler_in(PATIENCE_MS), what, 0);
}

void expect_took(uint64_t begun, uint32_t least, uint32_t most, const char *what)
{
    uint64_t took = scheduler_now() - begun;

    if (time_is_judged() && (took < least || took > most))
        fail("%s took %llu ms, which should take %u to %u", what, (unsigned long long)took, least, most);
}
