/* places.h: places in the program's code, as numbers for traces and as words for people. */

#ifndef SIM_PLACES_H
#define SIM_PLACES_H

#include <stddef.h>

/* The kind of a step whose number is a place; to be compared as a pointer. */
extern const char PLACE_KIND[];

/* Returns the number of an address behind a call: the same in each process of one program. */
int place_of(const void *behind_call);
/* Writes file and line. The process that looks them up, addr2line, is started once. */
void place_words(int place, char *to, size_t size);

#endif
