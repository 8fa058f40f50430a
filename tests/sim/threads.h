/* threads.h: the threads of the process, as the product sees them: ids, last errors, the module's references. */

#ifndef SIM_THREADS_H
#define SIM_THREADS_H

#include "objects.h"

void threads_begin(void);
/* Ends a run: the module must have as many references as at the start. */
void threads_end(void);

/* Starts a thread of a scenario, which has a last error and an id as every thread. It may be waited for with
 * thread_wait. Returns its number. */
int thread_begin(void (*run)(void *argument), void *argument, const char *name);
void thread_wait(int number);
bool thread_runs(int number);
/* The path of the module has `length` characters from now on; 0: the system does not give it. */
void module_path_is(DWORD length);
/* The calling thread is, or is no longer, a worker of an engine. */
void thread_is_worker(bool is);
/* Returns whether the calling thread is one of the product's that has nothing else to do than to wait. */
bool thread_may_block(void);
/* Returns the place of the token with which the calling thread acts as somebody else; NULL there: as the process. */
object **thread_token(void);
/* Returns whether the thread of an object has ended. */
bool thread_object_has_ended(object *o);

#endif
