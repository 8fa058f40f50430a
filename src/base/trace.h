/* trace.h: lines for a debugger or DebugView. */

#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include "base/win32.h"

/* Writes "NamedPipeServer: ", the text and a line feed to the debugger, with OutputDebugStringW. Any thread may call
 * trace. */
void trace(const WCHAR *text);

#endif
