/* entries.h: the pipes of this computer, as the directory of the file system of named pipes has them: their names, how
 * many instances there are of each, and how many there may be. One thread. */

#ifndef TOOL_ENTRIES_H
#define TOOL_ENTRIES_H

#include "base/win32.h"

#define ENTRY_NO_LIMIT 0xffffffffu

typedef struct pipe_entry
{
    const WCHAR *name;     /* no NUL follows */
    size_t length;         /* characters */
    ULONG instances, most; /* most: ENTRY_NO_LIMIT, or a number */
} pipe_entry;

/* Calls `found(context, entry)` for each pipe until it returns false. Returns a Win32 code: ERROR_NOT_SUPPORTED where
 * the system does not list its pipes, as Wine does not; ERROR_INVALID_DATA where the list makes no sense. */
DWORD entries_visit(bool (*found)(void *context, const pipe_entry *entry), void *context);

/* The way to that directory, which a test may replace. */
typedef struct entries_system_calls
{
    DWORD (*open)(HANDLE *out);
    /* Fills `buffer` with further FILE_DIRECTORY_INFORMATION. Returns an NTSTATUS: 0x80000006 for no more. */
    LONG (*query)(HANDLE directory, void *buffer, ULONG size, BOOLEAN from_the_beginning);
    void (*close)(HANDLE directory);
} entries_system_calls;

extern entries_system_calls entries_system;

#endif
