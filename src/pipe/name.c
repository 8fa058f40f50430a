#include "pipe/name.h"

#define PREFIX_LENGTH (sizeof(PIPE_PREFIX) / sizeof(WCHAR) - 1)

bool pipe_name_is_possible(const WCHAR *name, size_t length)
{
    if (length < 1 || length > PIPE_NAME_MAX || name[0] == L'\\')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!name[i])
            return false;
    return true;
}

WCHAR *pipe_path_create(const WCHAR *name, size_t length)
{
    WCHAR *path = mem_alloc((PREFIX_LENGTH + length + 1) * sizeof(WCHAR));

    if (!path)
        return NULL;
    memcpy(path, PIPE_PREFIX, PREFIX_LENGTH * sizeof(WCHAR));
    memcpy(path + PREFIX_LENGTH, name, length * sizeof(WCHAR));
    return path;
}

bool pipe_is_listed(const WCHAR *path)
{
    WIN32_FIND_DATAW found;
    HANDLE search = win32.find_first_file(PIPE_PREFIX L"*", &found);
    bool listed = false;

    if (search == INVALID_HANDLE_VALUE)
        return false;
    do
        listed = CompareStringOrdinal(found.cFileName, -1, path + PREFIX_LENGTH, -1, TRUE) == CSTR_EQUAL;
    while (!listed && win32.find_next_file(search, &found));
    win32.find_close(search);
    return listed;
}
