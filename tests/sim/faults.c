#include "faults.h"

#include "limits.h"
#include "random.h"
#include "scheduler.h"

typedef struct row
{
    const char *name;
    DWORD codes[4]; /* 0 ends them */
} row;

/* Codes of a shortage, from the pages of these functions or of what they rest on; 5 and 231 for names. */
static const row rows[FAULT_PLACES] = {
    [FAULT_HEAP_ALLOC] = {"HeapAlloc", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_BUFFER_ALLOC] = {"buffer_alloc", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_CREATE_EVENT] = {"CreateEventW", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_CREATE_PORT] = {"CreateIoCompletionPort", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_BIND] = {"CreateIoCompletionPort, bind", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_SET_MODES] = {"SetFileCompletionNotificationModes", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_CREATE_THREAD] = {"CreateThread", {ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT}},
    [FAULT_CREATE_PIPE] = {"CreateNamedPipeW", {ERROR_NO_SYSTEM_RESOURCES, ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY}},
    [FAULT_CONNECT] = {"ConnectNamedPipe", {ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_QUOTA}},
    [FAULT_OPEN] = {"CreateFileW", {ERROR_NO_SYSTEM_RESOURCES, ERROR_PIPE_BUSY}},
    [FAULT_READ] = {"ReadFile", {ERROR_NO_SYSTEM_RESOURCES, ERROR_WORKING_SET_QUOTA, ERROR_NOT_ENOUGH_QUOTA}},
    [FAULT_WRITE] = {"WriteFile",
                     {ERROR_NO_SYSTEM_RESOURCES, ERROR_WORKING_SET_QUOTA, ERROR_NOT_ENOUGH_QUOTA, ERROR_OUTOFMEMORY}},
    [FAULT_PEEK] = {"PeekNamedPipe", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_POST] = {"PostQueuedCompletionStatus", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_WINDOW] = {"thread_window_get", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_POST_MESSAGE] = {"PostMessageW", {ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_SET_TIMER] = {"SetTimer", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_OPEN_THREAD] = {"OpenThread", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_WORKER_BEGINS] = {"worker_begins", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_DUPLICATE] = {"DuplicateHandle", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
};

static fault_place place_of_run;
static uint32_t first, last; /* calls that fail, from 1; none if last is 0 */
static uint32_t calls;
static int made;
static bool spared[THREADS_MOST];
static unsigned long totals[FAULT_PLACES];

void faults_draw(bool wanted)
{
    uint32_t sort = random_below(RANDOM_FAULTS, 8);

    place_of_run = (fault_place)random_below(RANDOM_FAULTS, FAULT_PLACES_OF_PIPES);
    first = 1 + random_below(RANDOM_FAULTS, 2 + random_below(RANDOM_FAULTS, 30)); /* early calls more often */
    last = first;
    if (sort == 6 || (sort == 7 && place_of_run == FAULT_POST))
        last = first + 1 + random_below(RANDOM_FAULTS, 4);
    else if (sort == 7)
        last = UINT32_MAX;
    if (sort < 2 || !wanted)
        last = 0;
    calls = 0;
    made = 0;
    memset(spared, 0, sizeof(spared));
}

void faults_of_windows(void)
{
    uint32_t windows = FAULT_PLACES - FAULT_PLACES_OF_PIPES;

    if (random_below(RANDOM_WINDOWS, 3) == 2)
        place_of_run = (fault_place)(FAULT_PLACES_OF_PIPES + random_below(RANDOM_WINDOWS, windows));
    if ((place_of_run == FAULT_POST_MESSAGE || place_of_run == FAULT_SET_TIMER) && last == UINT32_MAX)
        last = first + 3;
}

void faults_spare(void)
{
    spared[scheduler_current()] = true;
}

void faults_spare_no_more(void)
{
    spared[scheduler_current()] = false;
}

static DWORD code_of(const row *r)
{
    uint32_t count = 0;

    while (count < 4 && r->codes[count])
        count++;
    return r->codes[random_below(RANDOM_FAULTS, count)];
}

bool fault(fault_place place)
{
    DWORD code;

    if (place != place_of_run || !last || scheduler_current() < 0 || spared[scheduler_current()])
        return false;
    calls++;
    if (calls < first || calls > last)
        return false;
    made++;
    totals[place]++;
    code = code_of(&rows[place]);
    point(rows[place].name, "FAULT", (int)calls, code);
    SetLastError(code);
    return true;
}

int faults_made(void)
{
    return made;
}

unsigned long faults_of(fault_place place)
{
    return totals[place];
}

const char *fault_name(fault_place place)
{
    return rows[place].name;
}
