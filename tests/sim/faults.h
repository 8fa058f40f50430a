/* faults.h: calls that fail on purpose, by the seed. A quarter of the runs has no fault, half have exactly one, the
 * others have a burst of 2 to 5 in a row or all calls of one function from some call on. */

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
    FAULT_PLACES_OF_PIPES,

    FAULT_WINDOW = FAULT_PLACES_OF_PIPES, /* thread_window_get */
    FAULT_POST_MESSAGE,                   /* never all calls: a wake-up is posted until that succeeds */
    FAULT_SET_TIMER,                      /* nor here: a thread would try what is refused again and again, in no time */
    FAULT_OPEN_THREAD,
    FAULT_DUPLICATE,
    FAULT_WORKER_BEGINS,
    FAULT_PLACES
} fault_place;

/* Draws the faults of a run; `wanted` false: none. */
void faults_draw(bool wanted);
/* Call it first in a scenario with windows: in a third of the runs the faults are those of windows and their threads
 * instead. */
void faults_of_windows(void);
/* Between the two, no call of the calling thread fails on purpose: its calls are not the product's. */
void faults_spare(void);
void faults_spare_no_more(void);
/* Counts one call. True: the call is to fail, and the last error is set to a code that is documented for it. */
bool fault(fault_place place);
/* Returns how many calls of this run have failed on purpose. */
int faults_made(void);
/* Returns how many calls of a place failed since the program began. */
unsigned long faults_of(fault_place place);
const char *fault_name(fault_place place);

#endif
