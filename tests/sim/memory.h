/* memory.h: the process's heap, as the product sees it. */

#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stddef.h>

void memory_begin(void);
/* Ends a run: every block must be freed. */
void memory_end(void);

#endif
