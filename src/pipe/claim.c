#include "pipe/claim.h"

#include "pipe/name.h"
#include "pipe/peek.h"

#define PAUSE_MS 20 /* between two looks */
#define LOOK_MS 1   /* the shortest wait that WaitNamedPipe knows */

/* ---- who has the name ---- */

/* Both mean that somebody has the name, or that this process may not have it. */
static bool is_refusal(DWORD error)
{
    return error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY;
}

/* Whether a server lives. Windows tells a client of a pipe without one that there is no such pipe. To read is asked
 * for, since Windows ignores SECURITY_ANONYMOUS where neither reading nor writing is. */
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

/* Whether the system knows the name. WaitNamedPipe waits also where clients alone hold it, which may not be listed. */
static bool is_known(const WCHAR *path)
{
    return win32.wait_named_pipe(path, LOOK_MS) || GetLastError() == ERROR_SEM_TIMEOUT || pipe_is_listed(path);
}

/* What a refusal means: `meaning`, where somebody has the name. */
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

/* As Windows compares names of pipes: no case, and both slashes are one. */
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

/* Makes the pipe that one Start alone can have at a time, in all processes. It is disconnected at once, so that a
 * client who would open it sees it busy: one that had it open would hold its name. */
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

/* What belongs to the name and not to the instance: 0 where it is as that of `ours`, which was made anew. */
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
        return PIPE_ERROR_NAME_IN_USE; /* who had the lock before has the name */
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

/* ---- the instances that keep it ---- */

/* The next instance stands, or none is wanted any more. */
static void close_keeper(claim *c) REQUIRES_LOCK(c->lock)
{
    if (!c->keeper)
        return;
    win32.close_handle(c->keeper);
    c->keeper = NULL;
    c->instances--;
}

DWORD claim_instance(claim *c, DWORD patience, HANDLE *out)
{
    DWORD error;

    lock_acquire(&c->lock);
    error = c->instances ? instance_open(&c->kind, c->kind.settings->path, false, out) : claim_name(c, patience, out);
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
        win32.disconnect_named_pipe(
            instance); /* a client that came to it would not be served: it shall see the pipe busy */
        c->keeper = instance;
    }
    else
    {
        win32.close_handle(instance);
        c->instances--;
    }
    lock_release(&c->lock);
}

void claim_give_up(claim *c)
{
    lock_acquire(&c->lock);
    c->given_up = true;
    close_keeper(c);
    lock_release(&c->lock);
}
