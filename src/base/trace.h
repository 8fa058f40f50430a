/* trace.h: lines for whoever runs a debugger or DebugView. */

#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include "base/win32.h"

/* Writes "NamedPipeServer: " and the text to the debugger, by OutputDebugStringW. Any thread. */
void trace(const WCHAR *text);

#endif
