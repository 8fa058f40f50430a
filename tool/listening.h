/* listening.h: what `listen` and `proxy` have in common: a server as the options say, and what is told of its clients.
 *
 * listening_start on the main thread, the others in events. */

#ifndef TOOL_LISTENING_H
#define TOOL_LISTENING_H

#include "tool/options.h"
#include "tool/sink.h"

/* Gives the server the name and the settings of the options, and starts it. */
HRESULT listening_start(INamedPipeServer *server, const options *o);

void listening_greet(const options *o, INamedPipeServerConnection *client);

/* Tells once who the client is, where Windows did not know that when it connected. */
void listening_tell_user(const options *o, INamedPipeServerConnection *client);

void listening_tell_error(const options *o, const happening *h);
void listening_tell_end(const options *o, INamedPipeServerConnection *client);

#endif
