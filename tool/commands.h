/* commands.h: what pipe.exe can do. Each runs on the main thread, says what there is to say, and returns the exit code
 * of the program. It ends when it is done, when something fails, or when stop_event is signalled. */

#ifndef TOOL_COMMANDS_H
#define TOOL_COMMANDS_H

#include "tool/options.h"

typedef enum exit_code
{
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* the pipe said no, or something else went wrong */
    EXIT_USAGE = 2   /* the command line is wrong; nothing was done */
} exit_code;

exit_code list_run(const options *o);
exit_code call_run(const options *o);
exit_code listen_run(const options *o);
exit_code talk_run(const options *o);
exit_code proxy_run(const options *o);
exit_code load_run(const options *o);

#endif
