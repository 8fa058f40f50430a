/* Two steps lead to the name of a user. The kernel tells the SID, at once, and only while the pipe is open; so a worker
 * asks for it as soon as Windows tells it. A domain controller may have to tell the name; so it is asked for only when
 * the owner wants it, on the owner's thread, which has to wait for the name in any case. No worker waits for it. */

#include "pipe/peer.h"

#include "base/impersonation.h"
#include "pipe/name.h"

#define COMPUTER_SIZE 260 /* characters; a name has 255 at most, with two slashes in front */
#define ACCOUNT_SIZE 260  /* characters of a user's name or of a domain's; Windows allows 256 */

typedef BOOL(WINAPI *get_client_computer)(HANDLE pipe, WCHAR *name, ULONG size);

static void *volatile computer_function; /* Interlocked */

void peer_prepare(void)
{
    InterlockedExchangePointer(&computer_function,
                               (void *)(uintptr_t)win32.get_proc_address(GetModuleHandleW(L"kernel32.dll"),
                                                                         "GetNamedPipeClientComputerNameW"));
}

/* ---- texts that are set once ---- */

/* Sets *place to `fresh`, unless another thread was first. Returns a Win32 code; `fresh` NULL: memory is short. */
static DWORD set_once(WCHAR *volatile *place, WCHAR *fresh, const WCHAR **out)
{
    if (fresh && InterlockedCompareExchangePointer((void *volatile *)place, fresh, NULL))
        mem_free(fresh);
    *out = LOAD_POINTER_ACQUIRE(place);
    return *out ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- process, session, computer ---- */

/* Windows says ERROR_PIPE_LOCAL for a client of this computer. Returns whether the client is another computer's: then
 * its ids are what it says of itself, and tell nothing. */
static bool meet_computer(peer *p, HANDLE pipe)
{
    get_client_computer get = (get_client_computer)(uintptr_t)LOAD_POINTER_ACQUIRE(&computer_function);
    WCHAR name[COMPUTER_SIZE];
    const WCHAR *bare = name;

    if (!get)
        return false;
    if (!get(pipe, name, sizeof(name)))
    {
        p->is_here = GetLastError() == ERROR_PIPE_LOCAL;
        return !p->is_here;
    }
    while (*bare == L'\\')
        bare++;
    p->computer = pipe_text_copy(bare);
    return true;
}

void peer_meet(peer *p, HANDLE pipe)
{
    ULONG id;

    if (meet_computer(p, pipe))
        return;
    if (GetNamedPipeClientProcessId(pipe, &id))
        p->process = id;
    if (GetNamedPipeClientSessionId(pipe, &id))
        p->session = id;
}

DWORD peer_computer_name(peer *p, const WCHAR **out)
{
    WCHAR name[COMPUTER_SIZE];
    DWORD size = COMPUTER_SIZE;

    *out = LOAD_POINTER_ACQUIRE(&p->computer);
    if (*out || !p->is_here || !win32.get_computer_name(ComputerNameNetBIOS, name, &size))
        return 0;
    return set_once(&p->computer, pipe_text_copy(name), out);
}

/* ---- the user ---- */

static DWORD read_token(HANDLE token, peer_user *out)
{
    union
    {
        TOKEN_USER user;
        BYTE bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } space;
    DWORD size = sizeof(space);

    if (!win32.get_token_information(token, TokenUser, &space, size, &size))
        return GetLastError();
    memcpy(out, space.user.User.Sid, GetLengthSid(space.user.User.Sid));
    return 0;
}

/* The token is opened as the process (TRUE): the client's may not open anything, if it only identifies the client. */
static DWORD open_client_token(HANDLE pipe, HANDLE *token)
{
    DWORD error = 0;

    if (!win32.impersonate_named_pipe_client(pipe))
        return GetLastError();
    if (!win32.open_thread_token(GetCurrentThread(), TOKEN_QUERY, TRUE, token))
        error = GetLastError();
    impersonation_end();
    return error;
}

static DWORD open_client_token_aside(HANDLE pipe, bool thread_is_ours, HANDLE *token)
{
    impersonation suspended;
    DWORD error = impersonation_suspend(&suspended, thread_is_ours);

    if (error)
        return error;
    error = open_client_token(pipe, token);
    impersonation_resume(&suspended);
    return error;
}

void peer_find_user(peer *p, HANDLE pipe, bool thread_is_ours)
{
    HANDLE token;
    bool after_read = LOAD_ACQUIRE(&p->user_state) == PEER_USER_AFTER_READ;
    DWORD error = open_client_token_aside(pipe, thread_is_ours, &token);

    if (error && error != ERROR_CANT_OPEN_ANONYMOUS && !after_read)
    {
        STORE_RELEASE(&p->user_state, PEER_USER_AFTER_READ);
        return;
    }
    if (!error)
    {
        error = read_token(token, &p->user);
        CloseHandle(token);
    }
    STORE_RELEASE(&p->user_state, error ? PEER_USER_UNKNOWN : PEER_USER_KNOWN);
}

/* Returns whether the name may be asked for now. A controller that does not answer takes seconds each time, and the
 * thread that asks may be one that dispatches messages, or a worker. */
static bool may_ask_name(peer *p)
{
    switch (LOAD_ACQUIRE(&p->user_state))
    {
    case PEER_USER_KNOWN: return true;
    case PEER_USER_NAMELESS:
        return (DWORD)win32.tick_count() - (DWORD)LOAD_ACQUIRE(&p->nameless_at) >= PEER_NAME_AGAIN_MS;
    default: return false;
    }
}

/* ERROR_NONE_MAPPED: there is no such account any more. After another failure a controller may answer later. */
static void note_nameless(peer *p, DWORD error)
{
    STORE_RELEASE(&p->nameless_at, (LONG)(DWORD)win32.tick_count());
    STORE_RELEASE(&p->user_state, error == ERROR_NONE_MAPPED ? PEER_USER_UNKNOWN : PEER_USER_NAMELESS);
}

DWORD peer_user_name(peer *p, const WCHAR **out)
{
    WCHAR name[ACCOUNT_SIZE], account[2 * ACCOUNT_SIZE + 1];
    DWORD name_size = ACCOUNT_SIZE, domain_size = ACCOUNT_SIZE;
    SID_NAME_USE use;

    *out = LOAD_POINTER_ACQUIRE(&p->user_name);
    if (*out || !may_ask_name(p))
        return 0;
    if (!win32.lookup_account_sid(NULL, &p->user.sid, name, &name_size, account, &domain_size, &use))
    {
        note_nameless(p, GetLastError());
        return 0;
    }
    lstrcatW(lstrcatW(account, L"\\"), name);
    return set_once(&p->user_name, pipe_text_copy(account), out);
}

void peer_fini(peer *p)
{
    mem_free(p->computer);
    mem_free(p->user_name);
}
