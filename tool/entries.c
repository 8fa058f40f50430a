#include "tool/entries.h"

#include <string.h>

enum
{
    BUFFER_SIZE = 65536,
    DIRECTORY_INFORMATION = 1 /* FileDirectoryInformation */
};

#define STATUS_NO_MORE ((LONG)0x80000006) /* STATUS_NO_MORE_FILES */

/* FILE_DIRECTORY_INFORMATION, which the headers for programs do not have. What is the length of a file is for a pipe
 * the number of its instances, and what is allocated for a file the number that there may be. */
typedef struct directory_entry
{
    ULONG next; /* from this entry; 0: the last one */
    ULONG index;
    LARGE_INTEGER times[4];
    LARGE_INTEGER end_of_file, allocation;
    ULONG attributes;
    ULONG name_size; /* bytes */
    WCHAR name[1];
} directory_entry;

typedef struct status_block
{
    ULONG_PTR status, information;
} status_block;

typedef LONG(WINAPI *query_directory_file)(HANDLE file, HANDLE event, void *apc, void *context, status_block *block,
                                           void *buffer, ULONG size, int information_class, BOOLEAN one_entry,
                                           void *pattern, BOOLEAN restart);

/* ---- the system ---- */

static DWORD open_directory(HANDLE *out)
{
    *out = CreateFileW(L"\\\\.\\pipe\\", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS, NULL);
    return *out == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

static LONG query_directory(HANDLE directory, void *buffer, ULONG size, BOOLEAN from_the_beginning)
{
    query_directory_file query =
        (query_directory_file)(void (*)(void))GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryDirectoryFile");
    status_block block = {0, 0};

    return query ? query(directory, NULL, NULL, NULL, &block, buffer, size, DIRECTORY_INFORMATION, FALSE, NULL,
                         from_the_beginning)
                 : -1;
}

static void close_directory(HANDLE directory)
{
    CloseHandle(directory);
}

entries_system_calls entries_system = {open_directory, query_directory, close_directory};

/* ---- reading ---- */

#define HEAD offsetof(directory_entry, name)

/* Reads the entry at `at`. False where it does not fit into the buffer. */
static bool read_entry(const BYTE *buffer, size_t at, pipe_entry *out, ULONG *next)
{
    const directory_entry *e = (const directory_entry *)(buffer + at);

    if (at % 4 || at > BUFFER_SIZE - HEAD || e->name_size > BUFFER_SIZE - HEAD - at || e->name_size % sizeof(WCHAR))
        return false;
    if (e->next && e->next < HEAD + e->name_size)
        return false;
    out->name = e->name;
    out->length = e->name_size / sizeof(WCHAR);
    out->instances = e->end_of_file.LowPart;
    out->most = e->allocation.LowPart;
    *next = e->next;
    return true;
}

/* *more: whether `found` wants more. */
static DWORD visit_buffer(const BYTE *buffer, bool (*found)(void *context, const pipe_entry *entry), void *context,
                          bool *more)
{
    size_t at = 0;
    ULONG next;
    pipe_entry entry;

    do
    {
        if (!read_entry(buffer, at, &entry, &next))
            return ERROR_INVALID_DATA;
        *more = found(context, &entry);
        at += next;
        if (at > BUFFER_SIZE)
            return ERROR_INVALID_DATA;
    } while (next && *more);
    return 0;
}

DWORD entries_visit(bool (*found)(void *context, const pipe_entry *entry), void *context)
{
    BYTE *buffer = mem_alloc(BUFFER_SIZE);
    HANDLE directory = INVALID_HANDLE_VALUE;
    bool more = true, first = true;
    DWORD error = buffer ? entries_system.open(&directory) : ERROR_NOT_ENOUGH_MEMORY;

    while (!error && more)
    {
        LONG status = entries_system.query(directory, buffer, BUFFER_SIZE, first);

        if (status == STATUS_NO_MORE)
            break;
        error = status < 0 ? ERROR_NOT_SUPPORTED : visit_buffer(buffer, found, context, &more);
        first = false;
    }
    if (directory != INVALID_HANDLE_VALUE)
        entries_system.close(directory);
    mem_free(buffer);
    return error;
}
