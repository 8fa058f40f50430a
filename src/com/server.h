/* server.h: the coclass NamedPipeServer.
 *
 * When the consumers' count falls to 0 it stops in silence; its memory is its host's. */

#ifndef COM_SERVER_H
#define COM_SERVER_H

#include "com/server_connection.h"
#include "com/source.h"

typedef struct server
{
    object object;
    INamedPipeServer INamedPipeServer_iface;
    host host;
    source source;
    settings settings;
    server_clients clients;
} server;

HRESULT NamedPipeServer_create(REFIID riid, void **out);

#endif
