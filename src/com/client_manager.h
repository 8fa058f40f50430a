/* client_manager.h: the coclass NamedPipeClientManager.
 *
 * When the consumers' count falls to 0 nothing ends that is held: the connections share the host, and the last of them
 * ends its run.
 *
 * Threading: `lock` guards what is marked so, for a few instructions. */

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

    lock lock;
    LONG users GUARDED_BY(lock); /* the manager, while a consumer has it, and each such connection */
} client_manager;

HRESULT NamedPipeClientManager_create(REFIID riid, void **out);

/* One more that keeps the run, and one less: the last ends it in silence. */
void client_manager_enter(client_manager *m);
void client_manager_leave(client_manager *m);

#endif
