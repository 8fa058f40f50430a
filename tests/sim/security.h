/* security.h: threads that act as somebody else. */

#ifndef SIM_SECURITY_H
#define SIM_SECURITY_H

#include <stdbool.h>

/* The calling thread acts as a client from now on. `anonymously`: nobody gets the thread's token. */
void impersonate(bool anonymously);
/* Returns whether the calling thread acts as a client, and ends that. */
bool impersonate_no_more(void);
/* A pipe of the product is made or opened; it must belong to the process. */
void check_acts_as_process(const char *function);

#endif
