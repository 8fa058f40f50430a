/* debugger_lines.h: what is written to the debugger (OutputDebugString), heard in the process itself. */

#ifndef SUPPORT_DEBUGGER_LINES_H
#define SUPPORT_DEBUGGER_LINES_H

#include <windows.h>

#include <optional>
#include <string>

/* The text that an exception carries which OutputDebugString raised for a debugger: Windows 10's, or the one before.
 * None for any other exception. For a vectored handler, which then says that execution continues. */
std::optional<std::wstring> debugger_line_of(const EXCEPTION_RECORD &exception);

#endif
