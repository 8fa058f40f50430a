#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/name.h"
#include "scenario.h"
#include "text.h"
#include "ways.h"

/* ---- addresses ---- */

typedef struct address_case
{
    const WCHAR *given, *server;
    address_fault fault;
    const WCHAR *to_server, *to_name;
} address_case;

static const address_case addresses[] = {
    {L"x", L"", ADDRESS_IS_RIGHT, L".", L"x"},
    {L"a/b", L".", ADDRESS_IS_RIGHT, L".", L"a\\b"},
    {L"x", L"far", ADDRESS_IS_RIGHT, L"far", L"x"},
    {L"x", L"LocalHost", ADDRESS_IS_RIGHT, L".", L"x"},
    {L"x", L"here", ADDRESS_IS_RIGHT, L".", L"x"}, /* this computer's own name */
    {L"\\\\far\\pipe\\x", L"", ADDRESS_IS_RIGHT, L"far", L"x"},
    {L"\\\\far\\pipe\\x", L"FAR", ADDRESS_IS_RIGHT, L"far", L"x"},
    {L"\\\\far\\pipe\\x", L"near", ADDRESS_IS_TWO, NULL, NULL},
    {L"\\\\.\\pipe\\x", L"far", ADDRESS_IS_TWO, NULL, NULL},
    {L"\\\\?\\PIPE\\x", L"", ADDRESS_IS_RIGHT, L".", L"x"},
    {L"//./pipe/x", L"", ADDRESS_IS_RIGHT, L".", L"x"},
    {L"\\\\..\\pipe\\x", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\a?\\pipe\\x", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\\\pipe\\x", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\far\\pipe\\", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\far\\pope\\x", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\far\\pip", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\far", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\\\far\\pipes", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"\\x", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"a\\\\b", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"a\\..\\b", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"a ", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"a.\\b", L"", ADDRESS_HAS_NO_PIPE_NAME, NULL, NULL},
    {L"x", L"a\\b", ADDRESS_HAS_NO_SERVER, NULL, NULL},
    {L"x", L". .", ADDRESS_HAS_NO_SERVER, NULL, NULL},
    {L"x", L"?", ADDRESS_HAS_NO_SERVER, NULL, NULL},
};

static bool is_same(const WCHAR *a, const WCHAR *b)
{
    return CompareStringOrdinal(a, -1, b, -1, FALSE) == CSTR_EQUAL;
}

static void check_path(const pipe_address *address)
{
    WCHAR *path = pipe_path_create(address);

    if (!path && !faults_made())
        fail("no path without a fault");
    if (path && pipe_path_is_local(path) != is_same(address->server, L"."))
        fail("a path that should be %s is not", is_same(address->server, L".") ? "local" : "remote");
    mem_free(path);
}

static void check_address(int i)
{
    const address_case *a = &addresses[i];
    pipe_address out;
    address_fault got =
        pipe_address_of(a->given, (size_t)lstrlenW(a->given), a->server, (size_t)lstrlenW(a->server), &out);

    if (faults_made())
        return;
    if (got != a->fault)
        fail("address %d gives %d", i, got);
    if (got != ADDRESS_IS_RIGHT)
        return;
    if (!is_same(out.server, a->to_server) || !is_same(out.name, a->to_name))
        fail("address %d is taken apart in the wrong place", i);
    check_path(&out);
}

static void check_lengths(void)
{
    WCHAR text[PIPE_SERVER_MAX + 2];
    pipe_address out;

    for (int i = 0; i < PIPE_SERVER_MAX + 2; i++)
        text[i] = 'x';
    if (!pipe_address_of_own(text, PIPE_NAME_MAX, &out) || pipe_address_of_own(text, PIPE_NAME_MAX + 1, &out))
        fail("the longest name is not %d characters", PIPE_NAME_MAX);
    if (pipe_address_of(L"x", 1, text, PIPE_SERVER_MAX + 1, &out) != ADDRESS_HAS_NO_SERVER ||
        pipe_address_of(L"x", 1, text, PIPE_SERVER_MAX, &out) != ADDRESS_IS_RIGHT)
        fail("the longest name of a computer is not %d characters", PIPE_SERVER_MAX);
    if (pipe_address_of_own(L"a\0b", 3, &out) || pipe_address_of(L"x", 1, L"a\0b", 3, &out) != ADDRESS_HAS_NO_SERVER)
        fail("a name with a NUL is taken");
    if (!pipe_address_of_own(L"\\\\.\\pipe\\x", 10, &out) || pipe_address_of_own(L"\\\\far\\pipe\\x", 12, &out))
        fail("a server's own name is taken apart in the wrong place");
}

/* ---- patterns ---- */

static const struct pattern_case
{
    const WCHAR *name, *pattern;
    bool fits;
} patterns[] = {
    {L"abc", L"abc", true},  {L"abc", L"ABC", true},       {L"a\\b", L"a/b", true},  {L"a/b", L"ab", false},
    {L"abc", L"a?c", true},  {L"abc", L"a?", false},       {L"abc", L"*", true},     {L"abc", L"*c", true},
    {L"abc", L"a*b*", true}, {L"aabaab", L"*aab", true},   {L"abc", L"*d", false},   {L"", L"*", true},
    {L"", L"?", false},      {L"abcabd", L"*ab?d", false}, {L"abc", L"abcd", false}, {L"abc", L"", false},
};

static void check_patterns(void)
{
    for (size_t i = 0; i < ARRAYSIZE(patterns); i++)
        if (pipe_name_fits(patterns[i].name, patterns[i].pattern) != patterns[i].fits)
            fail("pattern %zu %s", i, patterns[i].fits ? "does not fit" : "fits");
    if (!is_same(pipe_pattern_of(L"", 0), L"*") || !is_same(pipe_pattern_of(L"*.*", 3), L"*") ||
        !is_same(pipe_pattern_of(L"\\\\.\\pipe\\a*", 11), L"a*") || pipe_pattern_of(L"\\a", 2) ||
        pipe_pattern_of(L"a\0b", 3))
        fail("a pattern is taken for another");
}

/* ---- the list ---- */

static bool count(void *counted, const WCHAR *name)
{
    (void)name;
    return ++*(int *)counted < 2;
}

static void check_list(void)
{
    static const WCHAR *const names[] = {L"\\\\.\\pipe\\one", L"\\\\.\\pipe\\two\\three", L"\\\\.\\pipe\\four"};
    foreign hosts[3];
    bool lists_right;
    int counted = 0;
    DWORD error;

    if (pipe_is_listed(names[0]))
        fail("a pipe is listed that there is not");
    for (int i = 0; i < 3; i++)
        if (!foreign_open_path(&hosts[i], names[i], PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1))
            fail("the host is refused");
    error = pipe_list(count, &counted);
    if (!faults_made() && (error || counted != 2))
        fail("a list that ends at the second of three pipes ends with %u after %d", error, counted);
    lists_right = pipe_is_listed(L"\\\\.\\pipe\\TWO/three") && !pipe_is_listed(L"\\\\.\\pipe\\two");
    if (!lists_right && !faults_made())
        fail("the list has other names than there are");
    for (int i = 0; i < 3; i++)
        foreign_close(&hosts[i]);
}

/* Names, patterns and the list of pipes; nothing here depends on the schedule. */
void scenario_names_of_pipes(void)
{
    ways_keep_names();
    for (size_t i = 0; i < ARRAYSIZE(addresses); i++)
        check_address((int)i);
    check_lengths();
    check_patterns();
    check_list();
}
