/* library.h: NamedPipeServer.dll, loaded from beside this program. Nothing is registered.
 *
 * library_open once, on the main thread; the others on any thread that is in an apartment of COM. */

#ifndef TOOL_LIBRARY_H
#define TOOL_LIBRARY_H

#include "tool/contract.h"

#include "json/text_builder.h"

/* Enters the multithreaded apartment of COM and loads the DLL. Returns whether both could be done, and says what could
 * not. The DLL stays loaded. */
bool library_open(void);

/* Makes an object whose events come on its own threads. NULL, after a complaint, where that cannot be. Release it. */
INamedPipeServer *library_server(void);
INamedPipeClientManager *library_manager(void);

/* Says which pipe is asked for, for the sentences. The text stays its owner's and must be there to the end. Once. */
void library_names(const WCHAR *pipe);

/* Appends the sentence of what has failed just now on this thread, in terms of this program's options. */
void library_sentence(text_builder *b, HRESULT hr);

/* The same for an event that tells of an error. */
void library_event_sentence(text_builder *b, LONG number, const WCHAR *description);

/* Says it as a complaint and returns false. */
bool library_complain(HRESULT hr);

/* Why a connection ended, in words, for one that reads the lines of a client or of a server. */
const WCHAR *library_reason(NamedPipeDisconnectReason reason);

#endif
