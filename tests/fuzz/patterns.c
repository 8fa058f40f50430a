/* patterns.c: which names fit a pattern. An input is a name, an end of a line, and the pattern; each verdict is held
 * against a table that is filled by the rule alone. */

#include "fuzz.h"

#include "pipe/name.h"

#define LONGEST 300

static WCHAR plain(WCHAR c)
{
    return c == '/' ? '\\' : c >= 'a' && c <= 'z' ? (WCHAR)(c - 'a' + 'A') : c;
}

/* fits[n][p]: the first n characters of the name fit the first p of the pattern. */
static bool fits_by_the_rule(const WCHAR *name, size_t length, const WCHAR *pattern, size_t pattern_length)
{
    static bool fits[LONGEST + 1][LONGEST + 1];

    for (size_t n = 0; n <= length; n++)
        for (size_t p = 0; p <= pattern_length; p++)
        {
            if (p == 0)
                fits[n][p] = n == 0;
            else if (pattern[p - 1] == '*')
                fits[n][p] = fits[n][p - 1] || (n > 0 && fits[n - 1][p]);
            else
                fits[n][p] = n > 0 && fits[n - 1][p - 1] &&
                             (pattern[p - 1] == '?' || plain(pattern[p - 1]) == plain(name[n - 1]));
        }
    return fits[length][pattern_length];
}

/* A copy with a NUL behind it. */
static text with_nul(text t)
{
    text copy = {mem_alloc((t.length + 1) * sizeof(WCHAR)), t.length};

    if (t.length)
        memcpy(copy.characters, t.characters, t.length * sizeof(WCHAR));
    return copy;
}

static bool has_nul(text t)
{
    for (size_t i = 0; i < t.length; i++)
        if (!t.characters[i])
            return true;
    return false;
}

static void check_fit(const WCHAR *name, const WCHAR *pattern)
{
    size_t length = (size_t)lstrlenW(name), pattern_length = (size_t)lstrlenW(pattern);
    bool fits = pipe_name_fits(name, pattern);

    promise(fits == fits_by_the_rule(name, length, pattern, pattern_length), "a name fits otherwise than by the rule");
    promise(pipe_name_fits(name, L"*"), "a name does not fit *");
    promise(pipe_name_fits(name, name), "a name does not fit itself");
}

/* What a consumer gives as a pattern: in full or not, and none that leads to other names. */
static void check_given(text given, const WCHAR *name)
{
    const WCHAR *pattern = pipe_pattern_of(given.characters, given.length);
    bool is_inside = pattern >= given.characters && pattern <= given.characters + given.length;
    pipe_address address;

    promise(!pattern || !has_nul(given), "a pattern with a NUL is accepted");
    if (!pattern)
        return;
    promise(is_inside || (pattern[0] == '*' && !pattern[1]), "a pattern points elsewhere");
    promise(!is_inside || pattern + lstrlenW(pattern) == given.characters + given.length,
            "a pattern does not end where it was given to end");
    promise(*pattern && *pattern != '\\' && *pattern != '/', "a pattern is empty or begins with a slash");
    check_fit(name, pattern);
    if (pipe_address_of_own(given.characters, given.length, &address))
        promise(pipe_name_fits(address.name, pattern), "a name that is given as a pattern does not find itself");
}

int LLVMFuzzerTestOneInput(const BYTE *data, size_t size)
{
    text line = take_line(&data, &size), rest = text_of(data, size), name = with_nul(line), given = with_nul(rest);

    if (line.length <= LONGEST && rest.length <= LONGEST)
        check_given(given, name.characters);
    mem_free(given.characters);
    mem_free(name.characters);
    text_free(rest);
    text_free(line);
    return 0;
}
