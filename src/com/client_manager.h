/* client_manager.h: the coclass NamedPipeClientManager.
 *
 * Releasing the manager closes none of its connections. They keep the host alive; the run ends with the last of
 * them. */

#ifndef COM_CLIENT_MANAGER_H
#define COM_CLIENT_MANAGER_H

#include "com/host.h"
#include "com/object.h"

typedef struct client_manager
{
    object object;
    INamedPipeClientManager INamedPipeClientManager_iface;
    host host;
    settings settings;
} client_manager;

/* Makes a manager and gives its interface `riid`. *out is NULL unless S_OK. */
HRESULT NamedPipeClientManager_create(REFIID riid, void **out);

#endif
