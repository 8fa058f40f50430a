/* name.h: names of pipes. A pipe's path is \\.\pipe\ and its name. */

#ifndef PIPE_NAME_H
#define PIPE_NAME_H

#include "base/win32.h"

#define PIPE_NAME_MAX 247 /* characters; Windows limits the path to 256 */
#define PIPE_SERVER_MAX 255
#define PIPE_PREFIX L"\\\\.\\pipe\\"

/* Whether `length` characters can be the name of a pipe: 1 to 247 of them, no NUL, no slash of either kind in front: Windows takes one for the other. */
bool pipe_name_is_possible(const WCHAR *name, size_t length);

/* The path of a possible name, for mem_free; NULL without memory. */
WCHAR *pipe_path_create(const WCHAR *name, size_t length);

/* Whether they can be the name of a computer: 1 to 255, no NUL and no slash of either kind. */
bool pipe_server_is_possible(const WCHAR *server, size_t length);

/* The path of a pipe on another computer, or this one (".", 1). */
WCHAR *pipe_path_create_on(const WCHAR *server, size_t server_length, const WCHAR *name, size_t length);
bool pipe_path_is_local(const WCHAR *path);

/* Calls `found` for each name of this computer's pipes that fits the pattern (* and ? as in file names), until it returns false. A Win32 code; none that fits is no error. */
DWORD find_pipes(const WCHAR *pattern, bool (*found)(void *context, const WCHAR *name), void *context);

/* A copy of any path, for mem_free; NULL without memory. */
WCHAR *pipe_path_copy(const WCHAR *path);

/* Whether the system lists a pipe of this path. False also where pipes can't be listed. */
bool pipe_is_listed(const WCHAR *path);

#endif
