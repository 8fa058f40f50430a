/* fake_connection.h: an INamedPipeServerConnection that knows its ID and nothing else. In C, where a table may have
 * gaps. */

#ifndef SUPPORT_COM_FAKE_CONNECTION_H
#define SUPPORT_COM_FAKE_CONNECTION_H

#include <windows.h>

#include <ole2.h>

#include "NamedPipeServer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One reference. */
INamedPipeServerConnection *fake_connection_create(LONG id);

/* Those that live. */
extern LONG fake_connections;

#ifdef __cplusplus
}
#endif

#endif
