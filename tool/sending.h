/* sending.h: bytes into messages of the library. Any thread in an apartment of COM may call everything here. */

#ifndef TOOL_SENDING_H
#define TOOL_SENDING_H

#include "tool/contract.h"

/* Makes an array of bytes, also of none. VariantClear frees it. */
HRESULT sending_variant(const BYTE *data, size_t size, VARIANT *out);

/* Queues one message, also of no bytes. MessageSent and ClientMessageSent bring `cookie` back. */
HRESULT sending_to_client(INamedPipeServerConnection *client, const BYTE *data, size_t size, LONG cookie);
HRESULT sending_to_server(INamedPipeClientConnection *server, const BYTE *data, size_t size, LONG cookie);

#endif
