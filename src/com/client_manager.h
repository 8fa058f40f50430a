/* client_manager.h: the coclass NamedPipeClientManager.
 *
 * When the consumers' count falls to 0 nothing ends that is held: the connections share the host, and the last of them
 * ends its run. */

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

HRESULT NamedPipeClientManager_create(REFIID riid, void **out);

#endif
