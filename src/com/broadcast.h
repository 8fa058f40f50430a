/* broadcast.h: one message to all clients of a server. Call it on any thread with COM, with no lock held: code of the
 * consumer's cookie or object may run, and may release the server, whose memory is held meanwhile.
 *
 * The bytes are copied once, framed as the present run does. *sent is how many connections accept them; each other one
 * gets a ClientError, unless it is closed. Failures set the error's sentence. */

#ifndef COM_BROADCAST_H
#define COM_BROADCAST_H

#include "com/bytes.h"
#include "com/server_connection.h"

/* Sends the bytes of a view, which is freed; they are copied before the cookie's own code may run. A view of no bytes
 * is sent if `sends_nothing`. */
HRESULT broadcast_bytes(host *of, server_clients *to, byte_view *data, bool sends_nothing, const VARIANT *cookie,
                        LONG *sent);

/* Sends what an object has: see bytes_come_from_object. */
HRESULT broadcast_object(host *of, server_clients *to, const VARIANT *value, const VARIANT *cookie, LONG *sent);

#endif
