/* locks.h: what the stand-in knows of the product's locks. A lock that is taken twice, released by another thread or
 * taken in the opposite order of an earlier time is a violation. The functions are those of windows.h. */

#ifndef SIM_LOCKS_H
#define SIM_LOCKS_H

#include <windows.h>

#include <stdbool.h>

void locks_begin(void);
/* Ends a run: every lock must be free. Blocks of InitOnce run again in the next run. */
void locks_end(void);

/* Returns how many locks the calling thread holds. */
int locks_held(void);
/* Memory is about to be freed; a lock in it must be free. */
void locks_forget(const void *memory, size_t size);
/* Called each time before a thread releases a lock; NULL: nobody. No point. */
extern void (*locks_on_release)(const SRWLOCK *lock);
/* The predicate of a thread that waits for a lock. */
bool locks_is_free(void *lock);

#endif
