/* names.h: the names of pipes at the command line: whether they can be such, and which computer's. Any thread.
 *
 * If a name does not do, `fault` has a sentence, and the result is false. */

#ifndef TOOL_NAMES_H
#define TOOL_NAMES_H

#include "json/text_builder.h"

/* The name of a pipe that somebody serves, on any computer. */
bool names_check(const WCHAR *name, text_builder *fault);

/* The name of a pipe that this program makes for `command`. */
bool names_check_own(const WCHAR *name, const WCHAR *command, text_builder *fault);

/* The two names of a proxy, which are two pipes. */
bool names_check_proxy(const WCHAR *own, const WCHAR *other, text_builder *fault);

#endif
