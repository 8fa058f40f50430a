/* flood.h: more events than clients could cause in a test's time. In C, since the product's own structures are. */

#ifndef SUPPORT_COM_FLOOD_H
#define SUPPORT_COM_FLOOD_H

#include <windows.h>

#include "NamedPipeServer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Queues so many ServerErrors of a running server, whose numbers begin at `first`, as a worker would. */
void flood_server(INamedPipeServer *iface, LONG first, LONG count);

/* Whether the server accepts and reads nothing for now. */
BOOL server_is_paused(INamedPipeServer *iface);

#ifdef __cplusplus
}
#endif

#endif
