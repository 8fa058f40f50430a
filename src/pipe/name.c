#include "pipe/name.h"

#define PREFIX_LENGTH (sizeof(PIPE_PREFIX) / sizeof(WCHAR) - 1)

bool pipe_name_is_possible(const WCHAR *name, size_t length)
{
    if (length < 1 || length > PIPE_NAME_MAX || name[0] == L'\\' || name[0] == L'/')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!name[i])
            return false;
    return true;
}

WCHAR *pipe_path_copy(const WCHAR *path)
{
    size_t size = ((size_t)lstrlenW(path) + 1) * sizeof(WCHAR);
    WCHAR *copy = mem_alloc(size);

    if (copy)
        memcpy(copy, path, size);
    return copy;
}

bool pipe_server_is_possible(const WCHAR *server, size_t length)
{
    if (length < 1 || length > PIPE_SERVER_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!server[i] || server[i] == L'\\' || server[i] == L'/')
            return false;
    return true;
}

WCHAR *pipe_path_create_on(const WCHAR *server, size_t server_length, const WCHAR *name, size_t length)
{
    static const WCHAR middle[] = L"\\pipe\\";
    const size_t middle_length = sizeof(middle) / sizeof(WCHAR) - 1;
    WCHAR *path = mem_alloc((2 + server_length + middle_length + length + 1) * sizeof(WCHAR));
    WCHAR *end = path;

    if (!path)
        return NULL;
    *end++ = L'\\';
    *end++ = L'\\';
    memcpy(end, server, server_length * sizeof(WCHAR));
    end += server_length;
    memcpy(end, middle, middle_length * sizeof(WCHAR));
    end += middle_length;
    memcpy(end, name, length * sizeof(WCHAR));
    return path;
}

WCHAR *pipe_path_create(const WCHAR *name, size_t length)
{
    return pipe_path_create_on(L".", 1, name, length);
}

bool pipe_path_is_local(const WCHAR *path)
{
    return !memcmp(path, PIPE_PREFIX, PREFIX_LENGTH * sizeof(WCHAR));
}

/* ---- the directory of pipes ---- */

DWORD find_pipes(const WCHAR *pattern, bool (*found)(void *context, const WCHAR *name), void *context)
{
    WCHAR *path = pipe_path_create(pattern, (size_t)lstrlenW(pattern));
    WIN32_FIND_DATAW data;
    HANDLE search;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (!path)
        return error;
    search = win32.find_first_file(path, &data);
    error = search == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    mem_free(path);
    if (error)
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_NO_MORE_FILES ? 0 : error;
    while (found(context, data.cFileName) && win32.find_next_file(search, &data))
        continue;
    win32.find_close(search);
    return 0;
}

static bool is_other_name(void *path, const WCHAR *name)
{
    const WCHAR **wanted = path;

    if (CompareStringOrdinal(name, -1, *wanted + PREFIX_LENGTH, -1, TRUE) == CSTR_EQUAL)
        *wanted = NULL;
    return *wanted != NULL;
}

bool pipe_is_listed(const WCHAR *path)
{
    const WCHAR *wanted = path;

    return find_pipes(L"*", is_other_name, (void *)&wanted) == 0 && !wanted;
}
