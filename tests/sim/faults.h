/* faults.h: calls that fail on purpose. By the seed: a quarter of the runs has no fault, half have exactly one, the
 * others have a burst of 2 to 5 in a row or all calls of one function from some call on. Or as a plan says
 * (each_fault.h). */

#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include <windows.h>

#include <stdbool.h>

/* What may fail. */
typedef enum fault_place
{
    FAULT_HEAP_ALLOC,
    FAULT_BUFFER_ALLOC,
    FAULT_CREATE_EVENT,
    FAULT_CREATE_PORT,
    FAULT_BIND,
    FAULT_SET_MODES,
    FAULT_CREATE_THREAD,
    FAULT_CREATE_PIPE,
    FAULT_CONNECT,
    FAULT_OPEN,
    FAULT_READ,
    FAULT_WRITE,
    FAULT_PEEK,
    FAULT_POST, /* never all calls: port.c tries again until a post succeeds */
    FAULT_CONTROL,
    FAULT_PIPE_INFO,
    FAULT_SET_STATE,
    FAULT_LIST,
    FAULT_OPEN_TOKEN,
    FAULT_TOKEN_INFORMATION,
    FAULT_THREAD_TOKEN,
    FAULT_SET_TOKEN,
    FAULT_READ_SECURITY,
    FAULT_PROCESS_ID,
    FAULT_COMPUTER_NAME,
    FAULT_NETWORK, /* a request of a pipe of another computer */
    FAULT_PLACES_OF_PIPES,

    FAULT_WINDOW = FAULT_PLACES_OF_PIPES, /* thread_window_get */
    FAULT_POST_MESSAGE,                   /* never all calls: a wake-up is posted until that succeeds */
    FAULT_SET_TIMER,
    FAULT_OPEN_THREAD,
    FAULT_DUPLICATE,
    FAULT_WORKER_BEGINS,
    FAULT_PLACES
} fault_place;

/* Which calls of a run fail: those of one place with the numbers `first` to `last`, from 1. */
typedef struct fault_plan
{
    fault_place place;
    uint32_t first, last; /* 0: none */
    int code;             /* the number of the code, from 0; -1: one of them, by the seed */
} fault_plan;

/* The next runs fail as the plan says; NULL: as the seed says. */
void faults_plan(const fault_plan *plan);
/* Returns that plan, or NULL. */
const fault_plan *faults_planned(void);
/* Draws the faults of a run; `wanted` false: none. */
void faults_draw(bool wanted);
/* Call it first in a scenario with windows: in a third of the runs the faults are those of windows and their threads
 * instead. */
void faults_of_windows(void);
/* Between the two, no call of the calling thread fails on purpose: its calls are not the product's. */
void faults_spare(void);
void faults_spare_no_more(void);
bool faults_are_spared(void);
/* A scenario lets all calls of a place fail with `code` until it calls this with 0. */
void faults_shortage(fault_place place, DWORD code);
/* Counts one call. True: the call is to fail, and the last error is set to a code that is documented for it. */
bool fault(fault_place place);
/* Returns how many calls of this run have failed on purpose; those of a shortage do not count. */
int faults_made(void);
/* Returns how many calls of a place this run has had. */
uint32_t faults_calls(fault_place place);
/* Returns whether all calls of a place may fail from some call on. */
bool faults_may_last(fault_place place);
/* Returns how many codes a place may fail with, and the `which`th of them. */
int faults_codes(fault_place place);
DWORD faults_code(fault_place place, int which);
const char *fault_name(fault_place place);

#endif
