#include "tool/commands.h"

#include "tool/help.h"
#include "tool/output.h"
#include "tool/stop.h"

/* MinGW: the words of the command line stay as they were typed, such as the pattern of `list`. */
int _dowildcard = 0;

typedef exit_code (*command_function)(const options *o);

static const command_function functions[COMMAND_COUNT] = {
    [COMMAND_LIST] = list_run, [COMMAND_CALL] = call_run,   [COMMAND_LISTEN] = listen_run,
    [COMMAND_TALK] = talk_run, [COMMAND_PROXY] = proxy_run, [COMMAND_LOAD] = load_run,
};

/* These two end at once by Ctrl+C; the others in order. */
static bool ends_in_order(command_id command)
{
    return command != COMMAND_LIST && command != COMMAND_CALL;
}

static exit_code run(int count, WCHAR *const *words)
{
    options o;
    text_builder fault = {0};

    if (!count)
    {
        help_show(COMMAND_NONE, OUTPUT_REMARKS);
        return EXIT_USAGE;
    }
    if (!options_read(count, words, &o, &fault))
    {
        output_complaint_of(&fault);
        return EXIT_USAGE;
    }
    if (o.version)
        help_show_version();
    else if (o.help)
        help_show(o.command, OUTPUT_RESULTS);
    if (o.version || o.help)
        return EXIT_DONE;
    if (ends_in_order(o.command) && stop_install())
    {
        output_complaint(L"Windows has run out of memory or handles; close other programs, then try again.");
        return EXIT_FAILED;
    }
    return functions[o.command](&o);
}

int wmain(int count, WCHAR **words);

/* Leaves by ExitProcess: the thread of the keyboard may still wait for a line. */
int wmain(int count, WCHAR **words)
{
    exit_code code = run(count - 1, words + 1);

    stop_done();
    ExitProcess((UINT)code);
}
