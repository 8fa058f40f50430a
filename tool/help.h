/* help.h: what --help and --version print. Main thread. */

#ifndef TOOL_HELP_H
#define TOOL_HELP_H

#include "tool/options.h"
#include "tool/output.h"

/* The commands, or one of them with its options. */
void help_show(command_id command, output_stream stream);

void help_show_version(void);

#endif
