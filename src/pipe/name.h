/* name.h: names of pipes. A pipe's path is \\.\pipe\ and its name. */

#ifndef PIPE_NAME_H
#define PIPE_NAME_H

#include "base/win32.h"

#define PIPE_NAME_MAX 247 /* characters; Windows limits the path to 256 */
#define PIPE_PREFIX L"\\\\.\\pipe\\"

/* Whether `length` characters can be the name of a pipe: 1 to 247 of them, no NUL, no backslash in front. */
bool pipe_name_is_possible(const WCHAR *name, size_t length);

/* The path of a possible name, for mem_free; NULL without memory. */
WCHAR *pipe_path_create(const WCHAR *name, size_t length);

/* Whether the system lists a pipe of this path. False also where pipes can't be listed. */
bool pipe_is_listed(const WCHAR *path);

#endif
