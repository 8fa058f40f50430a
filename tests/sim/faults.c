#include "faults.h"

#include "limits.h"
#include "random.h"
#include "scheduler.h"
#include "tables.h"

#define CODES_MOST 4

typedef struct row
{
    const char *name;
    DWORD codes[CODES_MOST]; /* 0 ends them */
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
    [FAULT_CONTROL] = {"DeviceIoControl", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_PIPE_INFO] = {"GetNamedPipeInfo", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_SET_STATE] = {"SetNamedPipeHandleState", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_LIST] = {"FindFirstFileW, FindNextFileW", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_OPEN_TOKEN] = {"OpenProcessToken", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_TOKEN_INFORMATION] = {"GetTokenInformation", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_THREAD_TOKEN] = {"OpenThreadToken", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_SET_TOKEN] = {"SetThreadToken", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_READ_SECURITY] = {"GetKernelObjectSecurity", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_PROCESS_ID] = {"GetNamedPipe..ProcessId", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_COMPUTER_NAME] = {"GetComputerNameExW", {ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_NETWORK] = {"the network", {ERROR_NETNAME_DELETED}},
    [FAULT_WINDOW] = {"thread_window_get", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_POST_MESSAGE] = {"PostMessageW", {ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_SET_TIMER] = {"SetTimer", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_OPEN_THREAD] = {"OpenThread", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
    [FAULT_WORKER_BEGINS] = {"worker_begins", {ERROR_NOT_ENOUGH_MEMORY}},
    [FAULT_DUPLICATE] = {"DuplicateHandle", {ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES}},
};

static fault_plan plan; /* of this run */
static const fault_plan *planned;
static uint32_t calls[FAULT_PLACES];
static DWORD shortages[FAULT_PLACES]; /* 0: none */
static int made;
static bool spared[THREADS_MOST];

void faults_plan(const fault_plan *of)
{
    planned = of;
}

const fault_plan *faults_planned(void)
{
    return planned;
}

bool faults_may_last(fault_place place)
{
    return place != FAULT_POST && place != FAULT_POST_MESSAGE;
}

/* Draws as much for each seed, so that a plan changes nothing else. */
static fault_plan draw(void)
{
    uint32_t sort = random_below(RANDOM_FAULTS, 8);
    fault_plan p = {.place = (fault_place)random_below(RANDOM_FAULTS, FAULT_PLACES_OF_PIPES), .code = -1};

    p.first = 1 + random_below(RANDOM_FAULTS, 2 + random_below(RANDOM_FAULTS, 30)); /* early calls more often */
    p.last = p.first;
    if (sort == 6 || (sort == 7 && !faults_may_last(p.place)))
        p.last = p.first + 1 + random_below(RANDOM_FAULTS, 4);
    else if (sort == 7)
        p.last = UINT32_MAX;
    if (sort < 2)
        p.last = 0;
    return p;
}

void faults_draw(bool wanted)
{
    plan = draw();
    if (planned)
        plan = *planned;
    if (!wanted)
        plan.last = 0;
    made = 0;
    memset(calls, 0, sizeof(calls));
    memset(shortages, 0, sizeof(shortages));
    memset(spared, 0, sizeof(spared));
}

void faults_of_windows(void)
{
    uint32_t windows = FAULT_PLACES - FAULT_PLACES_OF_PIPES;
    bool takes_them = random_below(RANDOM_WINDOWS, 3) == 2;

    if (planned || !takes_them)
        return;
    plan.place = (fault_place)(FAULT_PLACES_OF_PIPES + random_below(RANDOM_WINDOWS, windows));
    if (!faults_may_last(plan.place) && plan.last == UINT32_MAX)
        plan.last = plan.first + 3;
}

void faults_spare(void)
{
    spared[scheduler_current()] = true;
}

void faults_spare_no_more(void)
{
    spared[scheduler_current()] = false;
}

bool faults_are_spared(void)
{
    return scheduler_current() < 0 || spared[scheduler_current()];
}

void faults_shortage(fault_place place, DWORD code)
{
    shortages[place] = code;
}

int faults_codes(fault_place place)
{
    int count = 0;

    while (count < CODES_MOST && rows[place].codes[count])
        count++;
    return count;
}

DWORD faults_code(fault_place place, int which)
{
    return rows[place].codes[which];
}

static bool fail_with(fault_place place, DWORD code)
{
    point(rows[place].name, "FAULT", (int)calls[place], code);
    SetLastError(code);
    return true;
}

bool fault(fault_place place)
{
    int code;

    if (faults_are_spared())
        return false;
    calls[place]++;
    if (shortages[place])
        return fail_with(place, shortages[place]);
    if (place != plan.place || calls[place] < plan.first || calls[place] > plan.last)
        return false;
    made++;
    code = plan.code < 0 ? (int)random_below(RANDOM_FAULTS, (uint32_t)faults_codes(place)) : plan.code;
    table_fault(place, code);
    return fail_with(place, rows[place].codes[code]);
}

int faults_made(void)
{
    return made;
}

uint32_t faults_calls(fault_place place)
{
    return calls[place];
}

const char *fault_name(fault_place place)
{
    return rows[place].name;
}
