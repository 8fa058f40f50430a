/* relay.h: a client of a proxy and the connection to the other pipe that was made for it.
 *
 * Events of the two come on two threads at once; a lock guards what both look at, and is never held across a call of
 * the library. A relay is counted: it goes with its last reference. Any thread may call everything here. */

#ifndef TOOL_RELAY_H
#define TOOL_RELAY_H

#include "base/list.h"
#include "base/lock.h"
#include "tool/contract.h"
#include "tool/flow.h"

typedef struct relay
{
    list_link link;  /* its owner's */
    void *owner;     /* who made it */
    LONG id;         /* of the client */
    LONG references; /* Interlocked */
    INamedPipeServerConnection *client;
    INamedPipeClientConnection *server;
    DWORD cookie; /* of the handler of `server` */
    lock lock;
    flow to_server, to_client;     /* lock */
    bool client_left, server_left; /* lock */
} relay;

/* Makes one, with one reference and none of the other pipe's connection yet. NULL: memory is short. */
relay *relay_create(void *owner, INamedPipeServerConnection *client, LONG id);
void relay_hold(relay *r);
void relay_release(relay *r);

/* Asks for the next message of one side, if it may go on. */
void relay_ask_client(relay *r);
void relay_ask_server(relay *r);

/* A message of one side goes to the other. */
void relay_to_server(relay *r, const BYTE *data, size_t size);
void relay_to_client(relay *r, const BYTE *data, size_t size);

/* One side has taken a message of so many bytes. */
void relay_server_took(relay *r, size_t size);
void relay_client_took(relay *r, size_t size);

/* One side has left: what was sent to the other one before is still taken there, then that ends too. Returns whether
 * both have left now, which is said once. */
bool relay_client_left(relay *r);
bool relay_server_left(relay *r);

#endif
