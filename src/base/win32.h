/* win32.h: the access of base and pipe to the system. No other header of these layers includes a header of Windows.
 *
 * System calls whose failure or arguments a test must control go through the table `win32`. Only a test writes to the
 * table, before the threads that read it start. All other system calls are called by their own names. */

#ifndef BASE_WIN32_H
#define BASE_WIN32_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <sddl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#ifndef ERROR_INVALID_LABEL
#define ERROR_INVALID_LABEL 1299L
#endif
#ifndef PIPE_REJECT_REMOTE_CLIENTS
#define PIPE_REJECT_REMOTE_CLIENTS 0x00000008
#endif

typedef struct win32_calls
{
    HANDLE(WINAPI *create_named_pipe)
    (const WCHAR *name, DWORD open_mode, DWORD pipe_mode, DWORD max_instances, DWORD out_size, DWORD in_size,
     DWORD timeout, SECURITY_ATTRIBUTES *security);
    BOOL(WINAPI *connect_named_pipe)(HANDLE pipe, OVERLAPPED *overlapped);
    BOOL(WINAPI *disconnect_named_pipe)(HANDLE pipe);
    BOOL(WINAPI *read_file)(HANDLE file, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped);
    BOOL(WINAPI *write_file)(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped);
    HANDLE(WINAPI *create_file)
    (const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags,
     HANDLE template_file);
    BOOL(WINAPI *wait_named_pipe)(const WCHAR *name, DWORD ms);
    BOOL(WINAPI *peek_named_pipe)
    (HANDLE pipe, void *data, DWORD size, DWORD *read, DWORD *waiting, DWORD *left);
    BOOL(WINAPI *device_io_control)
    (HANDLE file, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *done, OVERLAPPED *overlapped);
    BOOL(WINAPI *close_handle)(HANDLE pipe); /* for handles of pipes only */
    HANDLE(WINAPI *create_io_completion_port)(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads);
    HANDLE(WINAPI *create_thread)
    (SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start, void *argument, DWORD flags, DWORD *id);
    BOOL(WINAPI *open_thread_token)(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token);
    BOOL(WINAPI *set_thread_token)(HANDLE *thread, HANDLE token);
    BOOL(WINAPI *impersonate_named_pipe_client)(HANDLE pipe);
    BOOL(WINAPI *revert_to_self)(void);
    BOOL(WINAPI *get_token_information)
    (HANDLE token, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size, DWORD *needed);
    BOOL(WINAPI *lookup_account_sid)
    (const WCHAR *computer, PSID sid, WCHAR *name, DWORD *name_size, WCHAR *domain, DWORD *domain_size,
     SID_NAME_USE *use);
    BOOL(WINAPI *read_sddl)
    (const WCHAR *text, DWORD revision, PSECURITY_DESCRIPTOR *out, ULONG *size);
    BOOL(WINAPI *access_check)
    (PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD wanted, GENERIC_MAPPING *mapping, PRIVILEGE_SET *privileges,
     DWORD *size, DWORD *granted, BOOL *may);
    HANDLE(WINAPI *find_first_file)(const WCHAR *pattern, WIN32_FIND_DATAW *found);
    BOOL(WINAPI *find_next_file)(HANDLE search, WIN32_FIND_DATAW *found);
    BOOL(WINAPI *find_close)(HANDLE search);
    ULONGLONG(WINAPI *tick_count)(void); /* ms */
    void(WINAPI *sleep)(DWORD ms);
    FARPROC(WINAPI *get_proc_address)(HMODULE module, const char *name);
    BOOL(WINAPI *get_computer_name)(COMPUTER_NAME_FORMAT format, WCHAR *name, DWORD *size);
    void *(*allocate)(size_t size); /* zeroed; NULL if memory is short */
    void (*release)(void *memory);
} win32_calls;

extern win32_calls win32;

/* mem_alloc returns `size` bytes of zeroed memory, or NULL if memory is short. mem_free frees the memory; NULL is
 * allowed. Any thread may call both. */
void *mem_alloc(size_t size);
void mem_free(void *memory);

#endif
