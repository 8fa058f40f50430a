/* name.h: names of pipes: which names are allowed, how a consumer may write a name, and the list of existing pipes.
 *
 * Windows normalises a path before it opens the path: `\\.\pipe\..\C:\x` is the file C:\x, and `\\.\pipe\x.` is the
 * pipe x. So this file takes a name apart and checks it before the name goes into a path. Only a name that Windows
 * leaves unchanged passes.
 *
 * Any thread may call everything here. Nothing here blocks. */

#ifndef PIPE_NAME_H
#define PIPE_NAME_H

#include "base/win32.h"

#define PIPE_NAME_MAX 247 /* characters; Windows limits the path to 256 */
#define PIPE_SERVER_MAX 255
#define PIPE_PREFIX L"\\\\.\\pipe\\"

/* The place of a pipe: the name of a computer, L"." for this one, and the name of the pipe there, with `\` between its
 * parts. */
typedef struct pipe_address
{
    WCHAR server[PIPE_SERVER_MAX + 1];
    WCHAR name[PIPE_NAME_MAX + 1];
} pipe_address;

/* Reads a name that a server gives to its own pipe: the name alone, or in full with `\\.\pipe\` or `\\?\pipe\` before
 * it. Letters of either case and slashes of either kind are accepted; `length` is in characters. Returns false if no
 * pipe can have the name. An allowed name has 1 to 247 characters and no NUL. None of its parts between slashes is
 * empty, `.` or `..`, or ends in a blank or a dot. */
bool pipe_address_of_own(const WCHAR *given, size_t length, pipe_address *out);

typedef enum address_fault
{
    ADDRESS_IS_RIGHT,
    ADDRESS_HAS_NO_PIPE_NAME, /* `given` can be no pipe's name */
    ADDRESS_HAS_NO_SERVER,    /* `server` can be no computer's name */
    ADDRESS_IS_TWO            /* `given` is in full and names another computer than `server` does */
} address_fault;

/* Reads a name that a client gives, and the name of a computer beside it. `given` may also be `\\SERVER\pipe\NAME`.
 * `server` is "" or "." if the client names no computer. "localhost" and this computer's own names (NetBIOS, DNS, fully
 * qualified) mean this computer. Lengths are in characters. */
address_fault pipe_address_of(const WCHAR *given, size_t length, const WCHAR *server, size_t server_length,
                              pipe_address *out);

/* Returns the path of an address, or NULL if memory is short. Free the path with mem_free. */
WCHAR *pipe_path_create(const pipe_address *address);
/* Returns whether a path as pipe_path_create makes it is a pipe of this computer. */
bool pipe_path_is_local(const WCHAR *path);

/* Returns a copy of a path or of another text, or NULL if memory is short. Free the copy with mem_free. */
WCHAR *pipe_text_copy(const WCHAR *text);

/* Returns whether a name fits a pattern. In a pattern `*` is any number of characters and `?` is one character. Slashes
 * of either kind are the same; so are capital and small letters. Takes at most as many steps as the product of the two
 * lengths. */
bool pipe_name_fits(const WCHAR *name, const WCHAR *pattern);

/* Returns the part of a consumer's pattern that is for pipe_name_fits. A pattern may be in full, as a server's name
 * may; "" and `*.*` mean `*`. `given` has `length` characters and a NUL after them. The result points into `given` or
 * is a constant. NULL: no name can fit, since the pattern begins with a slash or contains a NUL. */
const WCHAR *pipe_pattern_of(const WCHAR *given, size_t length);

/* Calls `found(context, name)` for each name in the system's list of this computer's pipes, until `found` returns
 * false. Returns a Win32 code; an empty list is no error. */
DWORD pipe_list(bool (*found)(void *context, const WCHAR *name), void *context);

/* Returns whether the system lists a pipe of this path, which is a pipe of this computer. False also if pipes cannot be
 * listed. */
bool pipe_is_listed(const WCHAR *path);

#endif
