/* server.h: the coclass NamedPipeServer.
 *
 * When the consumers' count falls to 0 it stops in silence; its memory is its host's.
 *
 * Threading: `lock` guards what is marked so, for a few instructions. */

#ifndef COM_SERVER_H
#define COM_SERVER_H

#include "com/source.h"

typedef struct server
{
    object object;
    INamedPipeServer INamedPipeServer_iface;
    host host;
    source source;
    settings settings;

    lock lock;
    list connections GUARDED_BY(lock); /* not held: see object_try_hold */
    LONG last_id GUARDED_BY(lock);
} server;

HRESULT NamedPipeServer_create(REFIID riid, void **out);

#endif
