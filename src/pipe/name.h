/* name.h: names of pipes: which there can be, what a consumer may write for one, and the list of those that exist.
 *
 * Windows normalises a path before it opens it: `\\.\pipe\..\C:\x` is the file C:\x, `\\.\pipe\x.` the pipe x. So a
 * name is taken apart and judged here before it goes into a path, and only a name that Windows leaves as it is passes.
 *
 * Any thread. Nothing here blocks. */

#ifndef PIPE_NAME_H
#define PIPE_NAME_H

#include "base/win32.h"

#define PIPE_NAME_MAX 247 /* characters; Windows limits the path to 256 */
#define PIPE_SERVER_MAX 255
#define PIPE_PREFIX L"\\\\.\\pipe\\"

/* Where a pipe is: the name of a computer, L"." for this one, and the pipe's name there, with `\` between its parts. */
typedef struct pipe_address
{
    WCHAR server[PIPE_SERVER_MAX + 1];
    WCHAR name[PIPE_NAME_MAX + 1];
} pipe_address;

/* A name as a server gives it to its own pipe: alone, or in full behind `\\.\pipe\` or `\\?\pipe\`; in any case, with
 * slashes of either kind. False: it can be no pipe's name. That has 1 to 247 characters, no NUL, no part between
 * slashes that is empty, `.` or `..`, and none that ends in a blank or a dot. */
bool pipe_address_of_own(const WCHAR *given, size_t length, pipe_address *out);

typedef enum address_fault
{
    ADDRESS_IS_RIGHT,
    ADDRESS_HAS_NO_PIPE_NAME, /* `given` can be none */
    ADDRESS_HAS_NO_SERVER,    /* `server` can be no computer's name */
    ADDRESS_IS_TWO            /* `given` is in full and names another computer than `server` */
} address_fault;

/* A name as a client gives it: also `\\SERVER\pipe\NAME`, beside a computer's name; that is "" or "." where the caller
 * says nothing of it. "localhost" and this computer's own names (NetBIOS, DNS, fully qualified) are this computer. */
address_fault pipe_address_of(const WCHAR *given, size_t length, const WCHAR *server, size_t server_length,
                              pipe_address *out);

/* The path of an address, for mem_free; NULL without memory. */
WCHAR *pipe_path_create(const pipe_address *address);
bool pipe_path_is_local(const WCHAR *path);

/* A copy of any path, for mem_free; NULL without memory. */
WCHAR *pipe_path_copy(const WCHAR *path);

/* Whether a name fits a pattern: `*` is any number of characters, `?` one, slashes of either kind are the same, as are
 * capital and small letters. Takes as many steps as the two lengths multiplied at most. */
bool pipe_name_fits(const WCHAR *name, const WCHAR *pattern);

/* What of a consumer's pattern is for pipe_name_fits: it may be in full as a server's name may; "" and `*.*` are `*`.
 * Lies in `given`, which a NUL ends. NULL: no name can fit, since there is a slash in front, or a NUL inside. */
const WCHAR *pipe_pattern_of(const WCHAR *given, size_t length);

/* Calls `found` for each name in the system's list of this computer's pipes, until it returns false. A Win32 code; an
 * empty list is no error. */
DWORD pipe_list(bool (*found)(void *context, const WCHAR *name), void *context);

/* Whether the system lists a pipe of this path. False also where pipes can't be listed. */
bool pipe_is_listed(const WCHAR *path);

#endif
