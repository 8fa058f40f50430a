/* server.h: the coclass NamedPipeServer.
 *
 * After the consumers' last Release the server stops and raises no more events. Its memory is freed with the memory of
 * its host; see host.h. */

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

/* Makes a server and gives its interface `riid`. *out is NULL unless S_OK. */
HRESULT NamedPipeServer_create(REFIID riid, void **out);

#endif
