#include "names.h"

#include "failure.h"
#include "faults.h"
#include "objects.h"
#include "scheduler.h"
#include "text.h"
#include "ways.h"

#include <stdlib.h>

static pipe_name *names;
static int count;
static DWORD owner_of_new;

void names_begin(void)
{
    names = NULL;
    count = 0;
    owner_of_new = NAMES_OWNER_AT_FIRST;
}

void names_own_as(DWORD owner)
{
    owner_of_new = owner;
}

void names_end(void)
{
    if (names)
        fail("pipe name %d is left at the end", names->number);
}

bool path_is_remote(const WCHAR *path)
{
    return path[2] != '.';
}

/* Returns the part behind `\\.\pipe\` or `\\SERVER\pipe\`. */
static const WCHAR *own_part(const WCHAR *path)
{
    static const WCHAR middle[] = L"\\pipe\\";
    const int length = ARRAYSIZE(middle) - 1;
    const WCHAR *behind = path + 2;

    if (path[0] != '\\' || path[1] != '\\')
        fail("a path that is no pipe's; the stand-in does not know this case");
    while (*behind && *behind != '\\')
        behind++;
    if (lstrlenW(behind) < length || CompareStringOrdinal(behind, length, middle, length, TRUE) != CSTR_EQUAL)
        fail("a path that is no pipe's; the stand-in does not know this case");
    return behind + length;
}

pipe_name *name_find(const WCHAR *path)
{
    const WCHAR *text = own_part(path);

    for (pipe_name *n = names; n; n = n->next)
        if (!n->is_hidden && CompareStringOrdinal(n->text, -1, text, -1, TRUE) == CSTR_EQUAL)
            return n;
    return NULL;
}

pipe_name *name_create(const WCHAR *path, const SECURITY_ATTRIBUTES *security)
{
    pipe_name *n = calloc(1, sizeof(*n)), **last = &names;
    const SECURITY_DESCRIPTOR *descriptor = security ? security->lpSecurityDescriptor : NULL;

    lstrcpyW(n->text, own_part(path));
    lstrcpyW(n->shown, own_part(path));
    n->number = ++count;
    n->owner = owner_of_new;
    if (descriptor && descriptor->Dacl)
    {
        n->access_size = descriptor->Dacl->AclSize;
        if (n->access_size > sizeof(n->access))
            fail("an access list of %u bytes is too long for the stand-in", n->access_size);
        memcpy(n->access, descriptor->Dacl, n->access_size);
    }
    while (*last)
        last = &(*last)->next;
    *last = n;
    return n;
}

void name_drop(pipe_name *n)
{
    pipe_name **place = &names;

    while (*place != n)
        place = &(*place)->next;
    *place = n->next;
    free(n);
}

/* ---- the directory ---- */

typedef struct search
{
    object head;
    int last; /* number of the name that was told last */
} search;

static BOOL tell_next(search *s, WIN32_FIND_DATAW *found)
{
    for (const pipe_name *n = names; n; n = n->next)
        if (n->number > s->last && !n->is_hidden)
        {
            s->last = n->number;
            lstrcpyW(found->cFileName, n->shown);
            return TRUE;
        }
    SetLastError(ERROR_NO_MORE_FILES);
    return FALSE;
}

HANDLE WINAPI FindFirstFileW(const WCHAR *pattern, WIN32_FIND_DATAW *found)
{
    HANDLE handle = INVALID_HANDLE_VALUE;
    search *s;

    (void)pattern; /* the product asks for all */
    point("FindFirstFileW", "", 0, 0);
    if (fault(FAULT_LIST))
        return handle;
    s = object_create(OBJECT_SEARCH, sizeof(*s));
    if (ways.lists_nothing)
        SetLastError(ERROR_BAD_DEV_TYPE);
    else if (tell_next(s, found))
        handle = object_open(&s->head);
    else
        SetLastError(ERROR_FILE_NOT_FOUND);
    object_release(&s->head);
    return handle;
}

BOOL WINAPI FindNextFileW(HANDLE handle, WIN32_FIND_DATAW *found)
{
    point("FindNextFileW", "", 0, 0);
    if (fault(FAULT_LIST))
        return FALSE;
    return tell_next(object_of(handle, OBJECT_SEARCH, "FindNextFileW"), found);
}

BOOL WINAPI FindClose(HANDLE handle)
{
    object_of(handle, OBJECT_SEARCH, "FindClose");
    return CloseHandle(handle);
}
