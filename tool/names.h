/* names.h: the names of pipes at the command line: whether they can be such, and which computer's. Any thread. */

#ifndef TOOL_NAMES_H
#define TOOL_NAMES_H

#include "tool/options.h"

/* Checks NAME and OTHER of a command. If one of them does not do, `fault` has a sentence, and the result is false. */
bool names_check(const options *o, text_builder *fault);

#endif
