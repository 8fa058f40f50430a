#include "failure.h"

#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

static uint64_t seed;
static const char *scenario = "none", *options = "";

static void tell_where(void)
{
    fflush(stdout);
    fprintf(stderr, "\nThe last steps (step, thread, function, object, amount or code):\n");
    trace_tell(stderr);
    fprintf(stderr, "\nAgain: scripts/sim --scenario %s --seed %llu%s\n", scenario, (unsigned long long)seed, options);
}

void fail(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "\nVIOLATION: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    tell_where();
    fprintf(stderr, "FAILED: scenario %s, seed %llu\n", scenario, (unsigned long long)seed);
    _exit(1);
}

void failure_names(uint64_t of_seed, const char *of_scenario, const char *of_options)
{
    seed = of_seed;
    scenario = of_scenario;
    options = of_options;
}

/* Called by UndefinedBehaviorSanitizer, which may have a runtime of its own. */
void __ubsan_on_report(void);
void __ubsan_on_report(void)
{
    tell_where();
}

void failure_prepare(void)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(tell_where);
#endif
}
