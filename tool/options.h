/* options.h: the command line, taken apart. One thread. */

#ifndef TOOL_OPTIONS_H
#define TOOL_OPTIONS_H

#include "json/text_builder.h"

typedef enum command_id
{
    COMMAND_NONE,
    COMMAND_LIST,
    COMMAND_CALL,
    COMMAND_LISTEN,
    COMMAND_TALK,
    COMMAND_PROXY,
    COMMAND_LOAD,
    COMMAND_COUNT
} command_id;

#define OPTIONS_OPERANDS 2
#define OPTIONS_NOT_GIVEN (-2L) /* a number */

typedef struct options
{
    command_id command;
    const WCHAR *operands[OPTIONS_OPERANDS]; /* NULL: not given */
    LONG help, version;                      /* booleans, as the eight below */
    LONG hex, dump, json, raw, echo, remote, once, one_way;
    LONG timeout, wait, limit, most, clients, messages, size; /* OPTIONS_NOT_GIVEN, or what was given */
    LONG framing, security;                                   /* values of NamedPipeFraming and NamedPipeSecurity */
    const WCHAR *file, *out, *reply, *exec;                   /* NULL: not given */
} options;

/* Reads what stands behind the program's name. Options may stand anywhere, as `--name value` or `--name=value`; `--`
 * ends them. Returns whether it could be read; if not, `fault` has a sentence. The texts of `out` are those of `words`.
 * Where help or version was asked for nothing else is complained about. */
bool options_read(int count, WCHAR *const *words, options *out, text_builder *fault);

#endif
