#include "failure.h"

#include "trace.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef SIM_TSAN
#include "tsan/runtime.h"
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

static uint64_t seed;
static const char *scenario = "none";
static char again[400];
static void (*again_path)(char *to, size_t size);
static failure_note *shared;
static void (*shared_noted)(void);
static int is_told;

static void tell(const char *rule, const char *sentence)
{
    char path[200] = "";

    is_told = 1;
    if (again_path)
        again_path(path, sizeof(path));
    if (shared)
    {
        strncpy(shared->rule, rule, sizeof(shared->rule) - 1);
        strncpy(shared->sentence, sentence, sizeof(shared->sentence) - 1);
        shared_noted();
    }
    fflush(stdout);
    fprintf(stderr, "\nVIOLATION: %s\n\nThe last steps (step, thread, function, object, amount or code):\n", sentence);
    trace_tell(stderr);
    fprintf(stderr, "\nAgain: scripts/sim %s%s%s\nFAILED: scenario %s, seed %llu\n", again,
            again_path ? " --path " : "", path, scenario, (unsigned long long)seed);
}

void fail(const char *format, ...)
{
    va_list arguments;
    char sentence[300];

    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    tell(format, sentence);
    _exit(1);
}

void failure_names(uint64_t of_seed, const char *of_scenario)
{
    seed = of_seed;
    scenario = of_scenario;
}

void failure_again(const char *words, void (*path)(char *to, size_t size))
{
    again_path = path;
    strncpy(again, words, sizeof(again) - 1);
}

void failure_write_to(failure_note *note, void (*noted)(void))
{
    shared = note;
    shared_noted = noted;
}

/* ---- sanitizers and crashes ---- */

/* Called by UndefinedBehaviorSanitizer, which may have a runtime of its own. */
void __ubsan_get_current_report_data(const char **kind, const char **message, const char **file, unsigned *line,
                                     unsigned *column, char **memory) __attribute__((weak));
void __ubsan_on_report(void);
void __ubsan_on_report(void)
{
    const char *kind = "undefined behavior", *message = "", *file = "";
    unsigned line = 0, column;
    const char *name;
    char *memory, sentence[300];

    if (__ubsan_get_current_report_data)
        __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &memory);
    name = strrchr(file, '/');
    snprintf(sentence, sizeof(sentence), "undefined behavior: %s, %s:%u", message, name ? name + 1 : file, line);
    tell(kind, sentence);
}

#ifdef __SANITIZE_ADDRESS__
static void address_sanitizer_ends(void)
{
    char function[120] = "", sentence[300];

    if (is_told)
        return;
    if (__asan_report_present())
        __sanitizer_symbolize_pc(__asan_get_report_pc(), "%f", function, sizeof(function));
    snprintf(sentence, sizeof(sentence), "AddressSanitizer: %s in %s",
             __asan_report_present() ? __asan_get_report_description() : "a crash", function);
    tell(sentence, sentence);
}
#endif

#ifdef SIM_TSAN
static char race[300];

/* Where an access was made: the innermost frame that is not the simulation's. */
static void write_place(void *const *trace, int frames, char *to, size_t size)
{
    char place[300], *name;

    to[0] = '\0';
    for (int i = 0; i < frames && trace[i]; i++)
    {
        __sanitizer_symbolize_pc(trace[i], "%s:%l", place, sizeof(place));
        name = strrchr(place, '/');
        if (!name || strstr(place, "/tests/sim/") || strstr(place, "libsanitizer"))
            continue;
        snprintf(to, size, "%s", name + 1);
        return;
    }
}

void __tsan_on_report(void *report)
{
    const char *description;
    char places[2][100] = {"", ""};
    int count, stacks, accesses = 0, locations, mutexes, threads, ids, thread, size, writes[2] = {0}, atomic;
    void *trace[16] = {NULL}, *sleep[1], *address;

    __tsan_get_report_data(report, &description, &count, &stacks, &accesses, &locations, &mutexes, &threads, &ids,
                           sleep, 1);
    for (int i = 0; i < accesses && i < 2; i++)
    {
        memset(trace, 0, sizeof(trace));
        __tsan_get_report_mop(report, (unsigned long)i, &thread, &address, &size, &writes[i], &atomic, trace, 16);
        write_place(trace, 16, places[i], sizeof(places[i]));
    }
    snprintf(race, sizeof(race), "ThreadSanitizer: %s: %s at %s, %s at %s", description, writes[0] ? "write" : "read",
             places[0], writes[1] ? "write" : "read", places[1]);
}

static void thread_sanitizer_ends(void)
{
    if (!is_told)
        tell(race, race);
}
#endif

#ifndef __SANITIZE_ADDRESS__
static void on_signal(int number)
{
    char sentence[60];

    snprintf(sentence, sizeof(sentence), "the program gets signal %d", number);
    tell(sentence, sentence);
    _exit(1);
}

/* A crash may be one of a stack that is full. */
static void catch_crashes(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    static char stack[64 * 1024];
    stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};

    sigaltstack(&other, NULL);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaction(numbers[i], &action, NULL);
}
#endif

void failure_prepare(void)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(address_sanitizer_ends);
#else
    catch_crashes();
#endif
#ifdef SIM_TSAN
    __sanitizer_set_death_callback(thread_sanitizer_ends);
#endif
}
