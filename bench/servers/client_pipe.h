/* client_pipe.h: the pipe to one client, as the two raw loops have it: a completion port, one request of each kind at a
 * time, and no more calls than it takes.
 *
 * A read that ends makes an answer, the answer's write ends, the next read begins. Requests that end at once have no
 * packet (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) and are gone on with in the same call. When a client leaves, the
 * instance listens again. One thread calls everything here; packets may be taken by another. */

#ifndef BENCH_CLIENT_PIPE_H
#define BENCH_CLIENT_PIPE_H

#include "role.h"

/* Makes the port and the instances that listen at first. Ends the process where that fails.
 * argv: PIPE ROLE [SIZE [TOTAL]]. Returns the port. */
HANDLE client_pipes_open(int argc, char **argv);

/* A packet was taken: goes on with what it has ended. The key of the packet is of no use. */
void client_pipe_completed(OVERLAPPED *request, DWORD bytes);

#endif
