/* heap.h: the product's memory in `scripts/sim --fine`. A block that was freed is not used again within a run, so that
 * an access to it is found. */

#ifndef SIM_FINE_HEAP_H
#define SIM_FINE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* Begins a run: all is free. */
void heap_begin(void);
void *heap_alloc(size_t size, bool zero);
void heap_free(void *memory);
size_t heap_size(const void *memory);
/* An access of the product's; one to memory of this heap that is not in a block, or in a freed one, is a violation.
 * `from` is for the words, see places.h. */
void heap_check(const void *address, const char *what, const void *from);

#endif
