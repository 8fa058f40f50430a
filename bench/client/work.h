/* work.h: the works that are measured. Each is done in rounds; a round does it once with each pipe, one after the
 * other, so that what changes on the machine meanwhile meets both. */

#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "sample.h"

#define WORK_PIPES 2

/* What the command line says. */
typedef struct work_order
{
    DWORD size; /* bytes of a message */
    int clients;
    sample_limit limit;
    int rounds;
    int pipes; /* 1 or 2 */
    const char *names[WORK_PIPES];
    const char *dll; /* of works that use the library themselves; otherwise NULL */
} work_order;

/* Messages come back as they went, with one under way for each client. Tells latencies and processor time, too. */
void work_echo(const work_order *order);

/* Opens the pipe, sends a message, gets it back, closes, again and again, with one client. */
void work_cycles(const work_order *order);

/* Sends messages as fast as they are taken, to a server that sinks; until it says that all have come. The limit is a
 * number, and clients is 1. */
void work_flood_in(const work_order *order);

/* Asks a source for so many messages, and takes them. */
void work_flood_out(const work_order *order);

/* A message of `size` bytes to all clients; limit is how many times in a round. */
void work_broadcast(const work_order *order);

/* What one more client costs the server that has sent a message and is silent since, in private bytes:
 * {"pipe", "bytes"}. One round, whatever the order says. */
void work_crowd(const work_order *order);

/* Ends the servers. */
void work_end(const work_order *order);

#endif
