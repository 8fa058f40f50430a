/* seams.h: replaces the calls of base/win32.h for the length of a test: by ones that record what is asked of the system
 * and count memory, and that fail where a test says so.
 *
 * One at a time, made before the engine and gone after it. The functions are called on whichever thread makes the call,
 * and before it: 0 lets it through, another value is the error that it fails with. */

#ifndef SUPPORT_PIPE_SEAMS_H
#define SUPPORT_PIPE_SEAMS_H

#include <windows.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

extern "C" {
#include "base/win32.h"
}

#include "support/pipe/hook.h"

/* What create_named_pipe was asked for. */
struct pipe_creation
{
    std::wstring name;
    DWORD open_mode, pipe_mode, max_instances, out_size, in_size, timeout;
    bool inheritable;
    std::wstring sddl; /* the access list it was given; "" for the default one */
    HANDLE handle;     /* INVALID_HANDLE_VALUE if it failed */
};

struct seam_hooks
{
    hook<DWORD()> create_named_pipe;
    hook<DWORD(const WCHAR *path, DWORD open_mode)> create_instance; /* beside create_named_pipe */
    hook<DWORD(const WCHAR *path)> wait_named_pipe;
    hook<DWORD(HANDLE pipe)> connect_named_pipe;
    hook<void(HANDLE pipe)> disconnect_named_pipe;
    hook<DWORD(HANDLE file, DWORD size)> read_file;
    hook<DWORD(DWORD size)> reads_at_most; /* bytes that one read gives, of so many asked for */
    hook<void(OVERLAPPED *overlapped, DWORD error)>
        read_returned; /* what read_file returned, before its caller knows */
    hook<DWORD(HANDLE file, DWORD size)> write_file;
    hook<DWORD(const WCHAR *path, DWORD access, DWORD flags)> create_file;
    hook<std::wstring(const WCHAR *path)> opens_instead; /* what create_file opens for it */
    hook<DWORD(HANDLE pipe)> peek_named_pipe;            /* and a peek at a remote pipe, by device_io_control */
    /* Instead of a peek at a remote pipe: the four numbers of FILE_PIPE_PEEK_BUFFER, and the request. */
    hook<DWORD(ULONG *numbers, OVERLAPPED *overlapped)> peek_afar;
    hook<void(const char *name)> get_proc_address;
    hook<DWORD(DWORD left)> message_left; /* what a peek says is left of a message, instead of the system's */
    hook<void(HANDLE pipe)> close_handle; /* before it is closed */
    hook<DWORD()> create_io_completion_port;
    hook<void(HANDLE port)> port_created;
    hook<DWORD()> create_thread;
    hook<void()> thread_created; /* on the thread that made it, before create_thread returns */
    /* The names that the system lists as pipes, instead of its own list. */
    hook<std::vector<std::wstring>()> list_pipes;
    DWORD list_ends_with = ERROR_NO_MORE_FILES;
    hook<void(const WCHAR *pattern)> find_first_file;              /* what was asked for */
    unsigned open_searches = 0;                                    /* of list_pipes */
    hook<std::wstring(COMPUTER_NAME_FORMAT format)> computer_name; /* instead of the system's; "": it has none */
    hook<bool(size_t size)> allocate;                              /* false: there is no memory */
    hook<DWORD(HANDLE pipe)> impersonate_client;
    hook<DWORD()> revert_to_self;
    hook<DWORD()> lookup_account;
    hook<void(const WCHAR *text)> read_sddl;                  /* before the system reads the text */
    hook<void(PSECURITY_DESCRIPTOR descriptor)> access_check; /* before the system checks */
    DWORD integrity = 0; /* of every token, such as SECURITY_MANDATORY_LOW_RID, instead of its own; 0: its own */
    /* The groups of every token, instead of its own. */
    hook<std::vector<WELL_KNOWN_SID_TYPE>()> token_groups;
    /* What Windows says of a client's computer, instead of its own answer: a name, or "" and an error. */
    hook<std::pair<std::wstring, DWORD>(HANDLE pipe)> client_computer;
    /* Instead of a sleep, once it is set; the clock of tick_count then stands still but for these. */
    hook<void(DWORD ms)> sleep;
};

class seams : public seam_hooks
{
  public:
    seams();
    seams(const seams &) = delete;
    ~seams(); /* waits until nobody is inside a hook */

    std::vector<pipe_creation> creations() const;
    size_t pipes_created() const; /* successfully */

    /* Memory of mem_alloc: what is in use, and the most that was since the last reset_peak. */
    static LONGLONG bytes_in_use();
    static LONGLONG peak_bytes();
    static void reset_peak();
    /* Whether all of it has been given back since the seams were made, within `ms`. */
    bool all_freed(DWORD ms) const;
    /* Whether all that create_file has opened was closed by close_handle, within `ms`. */
    bool all_closed(DWORD ms) const;

  private:
    LONGLONG blocks_before;
};

/* A function that fails the nth call (the first is 1) with `error`, and no other. */
std::function<DWORD()> fails_once(unsigned nth, DWORD error);

/* For win32.set_thread_token: the thread may stop acting for somebody else, and not begin again. */
BOOL WINAPI refuse_to_resume(HANDLE *thread, HANDLE token);

#endif
