#include "pipe/claim.h"

#include "base/deadline.h"
#include "pipe/name.h"
#include "pipe/peek.h"

#define PAUSE_MS 20 /* between two looks */
#define LOOK_MS 1   /* the shortest wait of WaitNamedPipe */

/* ---- the owner of the name ---- */

/* Both codes mean that another process has the name, or that this process may not have the name. */
static bool is_refusal(DWORD error)
{
    return error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY;
}

/* Returns whether a server of the pipe lives. If a pipe has no server, Windows tells a client that there is no such
 * pipe. The look asks for GENERIC_READ, since Windows ignores SECURITY_ANONYMOUS on an open without read or write
 * access. */
static bool is_served(const WCHAR *path)
{
    HANDLE client;

    if (win32.wait_named_pipe(path, LOOK_MS))
        return true;
    client =
        win32.create_file(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (client == INVALID_HANDLE_VALUE)
        return GetLastError() != ERROR_FILE_NOT_FOUND;
    CloseHandle(client);
    return true;
}

/* Returns whether the system knows the name. WaitNamedPipe also waits if only clients hold the name; such a name may be
 * missing in the list. */
static bool is_known(const WCHAR *path)
{
    return win32.wait_named_pipe(path, LOOK_MS) || GetLastError() == ERROR_SEM_TIMEOUT || pipe_is_listed(path);
}

/* Returns the meaning of a refusal: `meaning` if another process has the name. */
static DWORD explain(const WCHAR *path, DWORD meaning)
{
    return is_known(path) ? meaning : ERROR_ACCESS_DENIED;
}

void claim_init(claim *c, const engine_settings *settings, const security *access)
{
    c->kind.settings = settings;
    c->kind.access = access;
}

/* ---- a name that is free ---- */

static DWORD claim_free_name(claim *c, DWORD patience, HANDLE *out)
{
    ULONGLONG begun = win32.tick_count();

    for (;;)
    {
        DWORD error = instance_open(&c->kind, c->kind.settings->path, true, out);

        if (!is_refusal(error))
            return error;
        if (is_served(c->kind.settings->path))
            return PIPE_ERROR_NAME_IN_USE;
        if (win32.tick_count() - begun >= patience)
            return error;
        win32.sleep(PAUSE_MS);
    }
}

/* ---- a name that clients hold ---- */

/* Folds a character the way Windows compares names of pipes: without case, and with both slashes the same. */
static WCHAR fold(WCHAR c)
{
    WCHAR folded = c;

    if (c == L'/')
        return L'\\';
    LCMapStringW(LOCALE_INVARIANT, LCMAP_UPPERCASE, &c, 1, &folded, 1);
    return folded;
}

/* FNV-1a, 64 bits. */
static ULONGLONG hash_of(const WCHAR *path)
{
    ULONGLONG hash = 0xcbf29ce484222325ULL;

    for (; *path; path++)
    {
        WCHAR c = fold(*path);

        hash = (hash ^ (c & 0xff)) * 0x100000001b3ULL;
        hash = (hash ^ (c >> 8)) * 0x100000001b3ULL;
    }
    return hash;
}

/* Makes a pipe that works as a lock: only one engine_listen for this name can have it at a time, in all processes. The
 * pipe is disconnected at once, so that a client that tries to open it finds it busy. A client that had it open would
 * hold its name. */
static DWORD open_lock(claim *c, HANDLE *out)
{
    static const WCHAR digits[] = L"0123456789abcdef";
    WCHAR path[] = PIPE_PREFIX L"NamedPipeServer.starting.0123456789abcdef"; /* for 16 digits of the hash */
    WCHAR *digit = path + sizeof(path) / sizeof(path[0]) - 1;
    ULONGLONG hash = hash_of(c->kind.settings->path);
    DWORD error;

    for (int i = 0; i < 16; i++, hash >>= 4)
        *--digit = digits[hash & 15];
    error = instance_open(&c->kind, path, true, out);
    if (!error)
        win32.disconnect_named_pipe(*out);
    return error;
}

/* Compares what belongs to a name and not to an instance. Returns 0 if `kept` has the same as `ours`, which was made
 * anew. (PIPE_REJECT_REMOTE_CLIENTS belongs to an instance: Microsoft's page of CreateNamedPipe.) */
static DWORD compare(HANDLE kept, HANDLE ours)
{
    DWORD flags, instances, error;
    bool same;

    if (!GetNamedPipeInfo(kept, &flags, NULL, NULL, &instances))
        return GetLastError();
    if (!(flags & PIPE_TYPE_MESSAGE) || instances < PIPE_UNLIMITED_INSTANCES)
        return PIPE_ERROR_NAME_HELD;
    error = security_compare(kept, ours, &same);
    if (error)
        return error;
    return same ? 0 : PIPE_ERROR_NAME_HELD;
}

static DWORD take_over_locked(claim *c, HANDLE starting, HANDLE *out)
{
    DWORD error;

    if (is_served(c->kind.settings->path))
        return PIPE_ERROR_NAME_IN_USE; /* the server that had the lock before has the name */
    error = instance_open(&c->kind, c->kind.settings->path, false, out);
    if (is_refusal(error))
        return explain(c->kind.settings->path, PIPE_ERROR_NAME_HELD);
    if (error)
        return error;
    error = compare(*out, starting);
    if (error)
    {
        CloseHandle(*out);
        *out = INVALID_HANDLE_VALUE;
    }
    return error;
}

static DWORD take_over(claim *c, HANDLE *out)
{
    HANDLE starting;
    DWORD error = open_lock(c, &starting);

    if (is_refusal(error))
        return explain(c->kind.settings->path, PIPE_ERROR_NAME_IN_USE);
    if (error)
        return error;
    error = take_over_locked(c, starting, out);
    CloseHandle(starting);
    return error;
}

static DWORD claim_name(claim *c, DWORD patience, HANDLE *out)
{
    DWORD error = claim_free_name(c, patience, out);

    return is_refusal(error) ? take_over(c, out) : error;
}

/* ---- the instances that keep the name ---- */

static void close_instance(claim *c, HANDLE instance) REQUIRES_LOCK(c->lock)
{
    win32.close_handle(instance);
    if (--c->instances == 0)
        WakeAllConditionVariable(&c->closed);
}

/* Closes the keeper. Call it when the next instance exists, or when the name is no longer wanted. */
static void close_keeper(claim *c) REQUIRES_LOCK(c->lock)
{
    if (c->keeper)
        close_instance(c, c->keeper);
    c->keeper = NULL;
}

static DWORD make_instance(claim *c, DWORD patience, HANDLE *out) REQUIRES_LOCK(c->lock)
{
    *out = INVALID_HANDLE_VALUE;
    if (c->given_up)
        return PIPE_ERROR_NOT_OPEN;
    if (c->instances)
        return instance_open(&c->kind, c->kind.settings->path, false, out);
    return claim_name(c, patience, out);
}

DWORD claim_instance(claim *c, DWORD patience, HANDLE *out)
{
    DWORD error;

    lock_acquire(&c->lock);
    error = make_instance(c, patience, out);
    if (!error)
    {
        c->instances++;
        close_keeper(c);
    }
    lock_release(&c->lock);
    return error;
}

void claim_close(claim *c, HANDLE instance)
{
    lock_acquire(&c->lock);
    if (c->instances == 1 && !c->given_up && !peek_other_end(instance))
    {
        /* Nobody would serve a client that comes now; so such a client finds the pipe busy. */
        win32.disconnect_named_pipe(instance);
        c->keeper = instance;
    }
    else
        close_instance(c, instance);
    lock_release(&c->lock);
}

void claim_give_up(claim *c)
{
    lock_acquire(&c->lock);
    c->given_up = true;
    close_keeper(c);
    WakeAllConditionVariable(&c->closed);
    lock_release(&c->lock);
}

void claim_await_closed(claim *c, DWORD ms)
{
    deadline until = deadline_in(ms);

    lock_acquire(&c->lock);
    while ((!c->given_up || c->instances) && !deadline_has_passed(until))
        lock_wait(&c->lock, &c->closed, deadline_left(until));
    lock_release(&c->lock);
}
