#include "shrink.h"

#include "decisions.h"
#include "failure.h"
#include "trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIAL_SECONDS 10

/* What a process that makes a run shares with the one that waits for it. */
typedef struct outcome
{
    failure_note note;
    uint64_t hash;
    decisions made; /* recorded; or followed, with marks */
} outcome;

static outcome *shared;
static decisions *best; /* breaks the rule */
static failure_note wanted;
static unsigned trials;

static void *share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
    {
        perror("sim: mmap");
        exit(2);
    }
    return memory;
}

static void note_hash(void)
{
    shared->hash = trace_hash();
}

static void run_child(shrink_job *job)
{
    if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
        _exit(2);
    alarm(TRIAL_SECONDS);
    failure_write_to(&shared->note, note_hash);
    job->run(job->of);
    _exit(0);
}

/* Makes one run in a process of its own. Returns whether it broke a rule. */
static bool breaks(shrink_job *job)
{
    int status;
    pid_t child;

    memset(&shared->note, 0, sizeof(shared->note));
    trials++;
    fflush(NULL);
    child = fork();
    if (child == 0)
        run_child(job);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return shared->note.rule[0] != '\0';
}

static void copy(decisions *to, const decisions *from)
{
    memcpy(to->list, from->list, from->count * sizeof(from->list[0]));
    to->count = from->count;
}

/* Follows shared->made. If the wanted rule is broken, keeps of the list what the run has used. */
static bool try(shrink_job *job, bool describes)
{
    decisions_follow(&shared->made, describes);
    if (!breaks(job) || strcmp(shared->note.rule, wanted.rule))
        return false;
    best->count = 0;
    for (size_t i = 0; i < shared->made.count; i++)
        if (shared->made.list[i].used)
            best->list[best->count++] = shared->made.list[i];
    return true;
}

static bool is_of(const decision *d, bool schedule)
{
    return schedule == (d->kind == DECISION_RUN || d->kind == DECISION_CLOCK);
}

/* Tries the list without the decisions from the `first` on, `size` of those that are of the schedule, or not. */
static bool try_without(shrink_job *job, size_t first, size_t size, bool schedule)
{
    size_t number = 0;

    shared->made.count = 0;
    for (size_t i = 0; i < best->count; i++)
    {
        bool counts = is_of(&best->list[i], schedule);

        if (!counts || number < first || number >= first + size)
            shared->made.list[shared->made.count++] = best->list[i];
        number += counts;
    }
    return shared->made.count < best->count && try(job, false);
}

static size_t count_of(bool schedule)
{
    size_t count = 0;

    for (size_t i = 0; i < best->count; i++)
        count += is_of(&best->list[i], schedule);
    return count;
}

/* Takes out parts: all, halves, quarters and so on. From the end on, since what comes later depends on what came
 * before. */
static bool take_out(shrink_job *job, bool schedule)
{
    size_t before = best->count;

    for (size_t size = count_of(schedule); size; size /= 2)
        for (size_t first = count_of(schedule); first > 0;)
        {
            first = first > size ? first - size : 0;
            try_without(job, first, size, schedule);
            if (first > count_of(schedule))
                first = count_of(schedule);
        }
    return best->count < before;
}

/* Makes the numbers that are drawn smaller. */
static bool make_smaller(shrink_job *job)
{
    bool any = false;

    for (size_t i = 0; i < best->count; i++)
        for (uint32_t less = best->list[i].value / 2; best->list[i].kind < DECISION_CLOCK && less; less /= 2)
        {
            copy(&shared->made, best);
            shared->made.list[i].value -= less;
            any |= try(job, false);
            if (i >= best->count)
                return true;
        }
    return any;
}

static void write_file(const shrink_job *job, const char *file)
{
    FILE *to = fopen(file, "w");

    if (!to)
    {
        perror(file);
        exit(2);
    }
    fprintf(to,
            "# A run that breaks a rule: scripts/sim --replay FILE makes it again, as long as the code is the same.\n");
    fprintf(to, "scenario %s\nseed %llu\nhash %016llx\nbreaks %s\n", job->scenario, (unsigned long long)job->seed,
            (unsigned long long)shared->hash, shared->note.sentence);
    fprintf(to, "# what, thread, how many of these the thread has had, number; all else is as usual (decisions.h)\n");
    decisions_write(best, to);
    if (fclose(to))
    {
        perror(file);
        exit(2);
    }
}

int shrink(shrink_job *job, const char *file)
{
    size_t all;
    bool goes_on = true;

    shared = share(sizeof(*shared));
    best = share(sizeof(*best));
    decisions_record(&shared->made);
    if (!breaks(job))
    {
        fprintf(stderr, "sim: the run breaks no rule: there is nothing to shrink.\n");
        return 2;
    }
    wanted = shared->note;
    all = shared->made.count;
    copy(best, &shared->made);
    job->follows = true;
    if (!try(job, false))
    {
        fprintf(stderr, "sim: the run does not break the rule when its decisions are followed.\n");
        return 2;
    }
    while (goes_on)
    {
        goes_on = take_out(job, true);
        goes_on |= take_out(job, false);
        goes_on |= make_smaller(job);
    }
    copy(&shared->made, best);
    if (!try(job, true))
        return 2;
    write_file(job, file);
    printf("shrunk: %zu decisions to %zu in %u runs: %s\n%s\n", all, best->count, trials, shared->note.sentence, file);
    return 0;
}

/* ---- replay ---- */

static void broken_file(const char *file, const char *line)
{
    fprintf(stderr, "sim: %s: cannot read: %s\n", file, line);
    exit(2);
}

static uint64_t hash_of_file;

static void compare_hash(void)
{
    fprintf(stderr, "\nreplay: %s\n",
            trace_hash() == hash_of_file ? "the same steps as when the file was written"
                                         : "other steps than when the file was written, since the code has changed");
}

replay replay_open(const char *file)
{
    static failure_note note;
    static decisions list;
    replay r = {.scenario = ""};
    unsigned long long number;
    char line[500];
    FILE *from = fopen(file, "r");

    if (!from)
        broken_file(file, strerror(errno));
    while (fgets(line, sizeof(line), from))
        if (sscanf(line, "seed %llu", &number) == 1)
            r.seed = number;
        else if (sscanf(line, "hash %llx", &number) == 1)
            r.hash = number;
        else if (sscanf(line, "scenario %79s", r.scenario) != 1 && sscanf(line, "breaks %299[^\n]", r.sentence) != 1 &&
                 line[0] != '#' && !decisions_read(&list, line))
            broken_file(file, line);
    fclose(from);
    decisions_follow(&list, true);
    hash_of_file = r.hash;
    failure_write_to(&note, compare_hash);
    return r;
}
