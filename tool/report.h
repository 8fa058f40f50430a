/* report.h: what `listen` and `proxy` say about clients: a line, or with --json an object, for each thing that happens.
 *
 * Any thread may call everything here; each report is one line, which stands together. */

#ifndef TOOL_REPORT_H
#define TOOL_REPORT_H

#include "tool/contract.h"
#include "tool/options.h"

/* Says that the pipe is open and how to end it: to the standard error, as an object to the standard output. */
void report_listening(const options *o, INamedPipeServer *server);

void report_connected(const options *o, INamedPipeServerConnection *client);

/* Who a client is, where it was not known when it connected; nothing where it is still not known. */
bool report_user(const options *o, INamedPipeServerConnection *client);

/* A message, from the client or to it. */
void report_message(const options *o, LONG id, bool from_client, const BYTE *data, size_t size);

/* The end, and why: `who` left, in words. */
void report_ended(const options *o, LONG id, const WCHAR *why);

/* What went wrong with one client; 0: with the pipe. With --once it is a failure of the whole, unless the end was asked
 * for before: a complaint says it, too. */
void report_error(const options *o, LONG id, const WCHAR *sentence);
bool report_has_failed(void);

/* At the end: how many clients and messages there were. */
void report_summary(const options *o, INamedPipeServer *server);

/* The number of a connection. */
LONG report_id(INamedPipeServerConnection *client);

#endif
