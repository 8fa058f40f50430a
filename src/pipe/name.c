#include "pipe/name.h"

#define PREFIX_LENGTH (sizeof(PIPE_PREFIX) / sizeof(WCHAR) - 1)

/* A part of a text. No NUL needs to follow. */
typedef struct view
{
    const WCHAR *text;
    size_t length;
} view;

static bool is_slash(WCHAR c)
{
    return c == L'\\' || c == L'/';
}

static view behind(view v, size_t count)
{
    view rest = {v.text + count, v.length - count};

    return rest;
}

static bool is_same(view v, const WCHAR *text)
{
    return CompareStringOrdinal(v.text, (int)v.length, text, -1, TRUE) == CSTR_EQUAL;
}

/* ---- taking apart ---- */

static size_t length_to_slash(view v)
{
    size_t length = 0;

    while (length < v.length && !is_slash(v.text[length]))
        length++;
    return length;
}

/* Returns whether `given` is `\\server\pipe\name`, and takes it apart. *name may be empty. */
static bool split(view given, view *server, view *name)
{
    view pipe;

    if (given.length < 2 || !is_slash(given.text[0]) || !is_slash(given.text[1]))
        return false;
    *server = behind(given, 2);
    server->length = length_to_slash(*server);
    pipe = behind(given, 2 + server->length);
    if (pipe.length < 6 || !is_slash(pipe.text[5]))
        return false;
    *name = behind(pipe, 6);
    pipe = behind(pipe, 1);
    pipe.length = 4;
    return is_same(pipe, L"pipe");
}

static bool is_own_prefix(view server)
{
    return is_same(server, L".") || is_same(server, L"?");
}

/* Returns the name without the prefix that a server's name or a pattern may have. Without that prefix, `given` stays as
 * it is, with the slash at its front if there is one. */
static view without_prefix(view given)
{
    view server, name;

    return split(given, &server, &name) && is_own_prefix(server) ? name : given;
}

/* ---- judging ---- */

/* Checks the parts between slashes. `.` and `..` are refused because they end in a dot. */
static bool has_right_parts(const WCHAR *name)
{
    WCHAR before = L'\\';

    for (;; name++)
    {
        bool part_ends = !*name || *name == L'\\';

        if (part_ends && (before == L'\\' || before == L'.' || before == L' '))
            return false;
        if (!*name)
            return true;
        before = *name;
    }
}

static bool copy_name(view v, WCHAR *out)
{
    if (v.length > PIPE_NAME_MAX)
        return false;
    for (size_t i = 0; i < v.length; i++)
    {
        if (!v.text[i])
            return false;
        out[i] = is_slash(v.text[i]) ? L'\\' : v.text[i];
    }
    out[v.length] = 0;
    return has_right_parts(out);
}

static bool is_this_computer(view server)
{
    static const COMPUTER_NAME_FORMAT formats[] = {ComputerNameNetBIOS, ComputerNameDnsHostname,
                                                   ComputerNameDnsFullyQualified};
    WCHAR own[PIPE_SERVER_MAX + 1];

    if (is_same(server, L".") || is_same(server, L"localhost"))
        return true;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
    {
        DWORD size = PIPE_SERVER_MAX + 1;

        if (win32.get_computer_name(formats[i], own, &size) && is_same(server, own))
            return true;
    }
    return false;
}

/* Returns whether `v` can be a computer's name. A name of dots and blanks alone, such as `..`, would lead elsewhere in
 * the path; `?` would make a path of another kind. */
static bool can_be_a_server(view v)
{
    bool has_a_letter = false;

    if (!v.length || v.length > PIPE_SERVER_MAX)
        return false;
    for (size_t i = 0; i < v.length; i++)
    {
        WCHAR c = v.text[i];

        if (!c || c == L'?' || is_slash(c))
            return false;
        has_a_letter |= c != L'.' && c != L' ';
    }
    return has_a_letter || is_same(v, L".");
}

static bool copy_server(view v, WCHAR *out)
{
    static const view here = {L".", 1};

    if (!can_be_a_server(v))
        return false;
    if (is_this_computer(v))
        v = here;
    memcpy(out, v.text, v.length * sizeof(WCHAR));
    out[v.length] = 0;
    return true;
}

bool pipe_address_of_own(const WCHAR *given, size_t length, pipe_address *out)
{
    view whole = {given, length};

    lstrcpyW(out->server, L".");
    return copy_name(without_prefix(whole), out->name);
}

/* Adds the computer that was named beside the name. If the name is in full, checks that it names the same computer. */
static address_fault add_server(view beside, bool in_full, pipe_address *out)
{
    WCHAR server[PIPE_SERVER_MAX + 1];
    view made = {server, 0};

    if (!beside.length || is_same(beside, L"."))
        return ADDRESS_IS_RIGHT;
    if (!copy_server(beside, server))
        return ADDRESS_HAS_NO_SERVER;
    made.length = (size_t)lstrlenW(server);
    if (in_full)
        return is_same(made, out->server) ? ADDRESS_IS_RIGHT : ADDRESS_IS_TWO;
    lstrcpyW(out->server, server);
    return ADDRESS_IS_RIGHT;
}

address_fault pipe_address_of(const WCHAR *given, size_t length, const WCHAR *server, size_t server_length,
                              pipe_address *out)
{
    view whole = {given, length}, beside = {server, server_length}, named, name;
    bool in_full = split(whole, &named, &name);

    lstrcpyW(out->server, L".");
    if (!copy_name(in_full ? name : whole, out->name))
        return ADDRESS_HAS_NO_PIPE_NAME;
    if (in_full && !is_own_prefix(named) && !copy_server(named, out->server))
        return ADDRESS_HAS_NO_PIPE_NAME;
    return add_server(beside, in_full, out);
}

/* ---- paths ---- */

WCHAR *pipe_path_create(const pipe_address *address)
{
    static const WCHAR middle[] = L"\\pipe\\";
    size_t length = 2 + (size_t)lstrlenW(address->server) + ARRAYSIZE(middle) + (size_t)lstrlenW(address->name);
    WCHAR *path = mem_alloc(length * sizeof(WCHAR));

    if (!path)
        return NULL;
    lstrcpyW(path, L"\\\\");
    lstrcatW(path, address->server);
    lstrcatW(path, middle);
    lstrcatW(path, address->name);
    return path;
}

bool pipe_path_is_local(const WCHAR *path)
{
    return !memcmp(path, PIPE_PREFIX, PREFIX_LENGTH * sizeof(WCHAR));
}

WCHAR *pipe_text_copy(const WCHAR *text)
{
    size_t size = ((size_t)lstrlenW(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = mem_alloc(size);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

/* ---- comparing ---- */

static bool is_same_character(WCHAR a, WCHAR b)
{
    if (is_slash(a))
        return is_slash(b);
    return a == b || CompareStringOrdinal(&a, 1, &b, 1, TRUE) == CSTR_EQUAL;
}

/* If the rest fits nowhere behind the last `*`, that `*` takes one character more. Earlier `*` need not be tried
 * again. */
bool pipe_name_fits(const WCHAR *name, const WCHAR *pattern)
{
    const WCHAR *star = NULL, *tried = NULL;

    while (*name)
    {
        if (*pattern == L'*')
        {
            star = pattern++;
            tried = name;
        }
        else if (*pattern == L'?' || (*pattern && is_same_character(*name, *pattern)))
        {
            name++;
            pattern++;
        }
        else if (star)
        {
            pattern = star + 1;
            name = ++tried;
        }
        else
            return false;
    }
    while (*pattern == L'*')
        pattern++;
    return !*pattern;
}

const WCHAR *pipe_pattern_of(const WCHAR *given, size_t length)
{
    view whole = {given, length}, pattern = without_prefix(whole);

    for (size_t i = 0; i < length; i++)
        if (!given[i])
            return NULL;
    if (!pattern.length || is_same(pattern, L"*.*"))
        return L"*";
    return is_slash(*pattern.text) ? NULL : pattern.text;
}

/* ---- the directory of pipes ---- */

DWORD pipe_list(bool (*found)(void *context, const WCHAR *name), void *context)
{
    WIN32_FIND_DATAW data;
    HANDLE search = win32.find_first_file(PIPE_PREFIX L"*", &data);
    DWORD error = search == INVALID_HANDLE_VALUE ? GetLastError() : 0;

    if (error)
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_NO_MORE_FILES ? 0 : error;
    while (!error && found(context, data.cFileName))
        error = win32.find_next_file(search, &data) ? 0 : GetLastError();
    win32.find_close(search);
    return error == ERROR_NO_MORE_FILES ? 0 : error;
}

static bool is_same_name(const WCHAR *a, const WCHAR *b)
{
    while (*a && is_same_character(*a, *b))
    {
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_other_name(void *path, const WCHAR *name)
{
    const WCHAR **wanted = path;

    if (is_same_name(name, *wanted + PREFIX_LENGTH))
        *wanted = NULL;
    return *wanted != NULL;
}

bool pipe_is_listed(const WCHAR *path)
{
    const WCHAR *wanted = path;

    return pipe_list(is_other_name, (void *)&wanted) == 0 && !wanted;
}
