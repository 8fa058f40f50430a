/* library_sink.h: the handlers of library.c: what a C program must have to hear the library's events, and no more. */

#ifndef BENCH_LIBRARY_SINK_H
#define BENCH_LIBRARY_SINK_H

#define COBJMACROS
#include "role.h"

#include <ole2.h>
#include <olectl.h>

#include "NamedPipeServer.h"

/* argv: ROLE [SIZE [TOTAL]]. Before anything else here. `server` must stay for the life of the process. */
void library_sink_init(INamedPipeServer *server, int argc, char **argv);

/* The one sink, of _INamedPipeServerEvents. It is not counted. */
IDispatch *library_sink(void);

/* A message has come from the connection, an INamedPipeServerConnection or its identity. `data` holds an array of
 * bytes, or refers to one. One thread at a time for each connection. */
void library_meet(IDispatch *connection, VARIANT *data);

#endif
