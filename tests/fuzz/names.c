/* names.c: names of pipes and of computers, as consumers give them. An input is the computer's name, an end of a line,
 * and the pipe's name.
 *
 * An accepted name is one that Windows leaves as it is, so that its path stays below `\\.\pipe\` or `\\computer\pipe\`;
 * it is judged alike however it is written; and its path, given as a name in full, is the same address. */

#include "fuzz.h"

#include "pipe/name.h"

/* ---- a second opinion ---- */

static bool slash(WCHAR c)
{
    return c == '\\' || c == '/';
}

/* One part of a name after the other: none is empty, none ends in a dot or a blank. */
static bool can_be_a_name(const WCHAR *name, size_t length)
{
    size_t begin = 0;

    if (length < 1 || length > 247)
        return false;
    for (size_t end = 0; end <= length; end++)
    {
        if (end < length && !name[end])
            return false;
        if (end < length && !slash(name[end]))
            continue;
        if (end == begin || name[end - 1] == '.' || name[end - 1] == ' ')
            return false;
        begin = end + 1;
    }
    return true;
}

static bool can_be_a_computer(const WCHAR *name, size_t length)
{
    bool is_here = length == 1 && name[0] == '.', has_another = false;

    for (size_t i = 0; i < length; i++)
    {
        if (!name[i] || name[i] == '?' || slash(name[i]))
            return false;
        has_another |= name[i] != '.' && name[i] != ' ';
    }
    return length <= 255 && (is_here || has_another);
}

/* Returns where the name behind `\\computer\pipe\` begins, or 0. The computer's has *length characters from 2 on. */
static size_t behind_prefix(text given, size_t *length)
{
    size_t at = 2;

    if (given.length < 2 || !slash(given.characters[0]) || !slash(given.characters[1]))
        return 0;
    while (at < given.length && !slash(given.characters[at]))
        at++;
    *length = at - 2;
    if (given.length < at + 6 || !slash(given.characters[at + 5]))
        return 0;
    return text_is(given.characters + at + 1, 4, "pipe") ? at + 6 : 0;
}

/* What Windows makes of what stands behind `\\.\` or `\\computer\share\` in a path: one slash for several, no part that
 * is `.`, for `..` one part less, and neither dots nor blanks at the end. */
static void normalise(WCHAR *rest)
{
    WCHAR *to = rest, *from = rest;

    while (*from)
    {
        WCHAR *end = from;

        while (*end && !slash(*end))
            end++;
        if (text_is(from, (size_t)(end - from), ".."))
            while (to > rest && *--to != '\\')
                ;
        else if (end > from && !text_is(from, (size_t)(end - from), "."))
        {
            if (to > rest)
                *to++ = '\\';
            while (from < end)
                *to++ = *from++;
        }
        from = *end ? end + 1 : end;
    }
    while (to > rest && (to[-1] == '.' || to[-1] == ' '))
        to--;
    *to = 0;
}

/* ---- what holds of an address ---- */

static bool same(const WCHAR *a, const WCHAR *b)
{
    size_t length = (size_t)lstrlenW(a);

    return length == (size_t)lstrlenW(b) && !memcmp(a, b, length * sizeof(WCHAR));
}

static void check_path(const pipe_address *made)
{
    pipe_address again;
    WCHAR *path = pipe_path_create(made), *normal = pipe_text_copy(path);
    size_t length = (size_t)lstrlenW(path), server = (size_t)lstrlenW(made->server);
    bool is_local = same(made->server, L".");

    normalise(normal + (is_local ? 4 : 8 + server));
    promise(same(path, normal), "Windows makes another path of it");
    promise(!memcmp(path, L"\\\\", 2 * sizeof(WCHAR)) && !memcmp(path + 2, made->server, server * sizeof(WCHAR)) &&
                !memcmp(path + 2 + server, L"\\pipe\\", 6 * sizeof(WCHAR)) && same(path + 8 + server, made->name),
            "the path is not made of the prefix, the computer and the name");
    promise(pipe_path_is_local(path) == is_local, "this computer is taken for another");
    promise(!is_local || length <= 256, "Windows takes no path that long");
    promise(pipe_address_of(path, length, L"", 0, &again) == ADDRESS_IS_RIGHT && same(again.name, made->name) &&
                same(again.server, made->server),
            "the path, given as a name, is another address");
    promise(pipe_address_of_own(path, length, &again) == is_local, "a server has the name of another computer's pipe");
    mem_free(normal);
    mem_free(path);
}

static void check_address(const pipe_address *made)
{
    size_t length = (size_t)lstrlenW(made->name);

    promise(can_be_a_name(made->name, length), "a name is accepted that can be none");
    for (size_t i = 0; i < length; i++)
        promise(made->name[i] != '/', "a slash stays in a name");
    promise(can_be_a_computer(made->server, (size_t)lstrlenW(made->server)), "that can be no computer");
    check_path(made);
}

/* ---- the two functions ---- */

static void check_own(text given)
{
    pipe_address made;
    size_t computer, begin = behind_prefix(given, &computer);
    bool is_accepted = pipe_address_of_own(given.characters, given.length, &made);

    if (begin && !text_is(given.characters + 2, computer, ".") && !text_is(given.characters + 2, computer, "?"))
        begin = 0; /* another computer's: then it begins with a slash, and is refused */
    promise(is_accepted == can_be_a_name(given.characters + begin, given.length - begin),
            "a server's name is judged otherwise than the rules say");
    if (!is_accepted)
        return;
    promise(same(made.server, L"."), "a server has a pipe on another computer");
    check_address(&made);
}

/* Whether the name of a computer means this one; "HERE" is what the system is called in the simulation. */
static bool is_here(const WCHAR *name, size_t length)
{
    return text_is(name, length, ".") || text_is(name, length, "localhost") || text_is(name, length, "here");
}

/* The verdict by the rules. */
static address_fault verdict(text given, text beside)
{
    size_t length = 0, begin = behind_prefix(given, &length);
    const WCHAR *named = given.characters + 2;
    bool no_computer = !beside.length || text_is(beside.characters, beside.length, ".");
    bool prefix_is_here = text_is(named, begin ? length : 0, "?") || (begin && is_here(named, length));

    if (!can_be_a_name(given.characters + begin, given.length - begin))
        return ADDRESS_HAS_NO_PIPE_NAME;
    if (begin && !prefix_is_here && !can_be_a_computer(named, length))
        return ADDRESS_HAS_NO_PIPE_NAME;
    if (no_computer)
        return ADDRESS_IS_RIGHT;
    if (!can_be_a_computer(beside.characters, beside.length))
        return ADDRESS_HAS_NO_SERVER;
    if (!begin)
        return ADDRESS_IS_RIGHT;
    if (prefix_is_here || is_here(beside.characters, beside.length))
        return prefix_is_here && is_here(beside.characters, beside.length) ? ADDRESS_IS_RIGHT : ADDRESS_IS_TWO;
    return CompareStringOrdinal(named, (int)length, beside.characters, (int)beside.length, TRUE) == CSTR_EQUAL
               ? ADDRESS_IS_RIGHT
               : ADDRESS_IS_TWO;
}

static void check_client(text given, text beside)
{
    pipe_address made;
    address_fault found = pipe_address_of(given.characters, given.length, beside.characters, beside.length, &made);

    promise(found == verdict(given, beside), "a client's name is judged otherwise than the rules say");
    if (found == ADDRESS_IS_RIGHT)
        check_address(&made);
}

/* The other slash and the other case change nothing in the verdict. */
static void check_spellings(text given, text beside)
{
    pipe_address one, other;
    address_fault first = pipe_address_of(given.characters, given.length, beside.characters, beside.length, &one);

    for (size_t i = 0; i < given.length; i++)
        if (slash(given.characters[i]))
            given.characters[i] ^= '\\' ^ '/';
    promise(pipe_address_of(given.characters, given.length, beside.characters, beside.length, &other) == first &&
                (first || (same(one.name, other.name) && same(one.server, other.server))),
            "the two slashes are not the same");
}

int LLVMFuzzerTestOneInput(const BYTE *data, size_t size)
{
    text beside = take_line(&data, &size), given = text_of(data, size);

    check_own(given);
    check_client(given, beside);
    check_spellings(given, beside);
    text_free(given);
    text_free(beside);
    return 0;
}
