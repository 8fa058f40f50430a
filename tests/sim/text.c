#include "text.h"

#include "failure.h"
#include "faults.h"

#include <stdarg.h>
#include <stdio.h>

WCHAR text_capital(WCHAR c)
{
    return c >= 'a' && c <= 'z' ? (WCHAR)(c - 'a' + 'A') : c;
}

int WINAPI lstrlenW(const WCHAR *text)
{
    int length = 0;

    while (text[length])
        length++;
    return length;
}

WCHAR *WINAPI lstrcpyW(WCHAR *to, const WCHAR *from)
{
    memcpy(to, from, ((size_t)lstrlenW(from) + 1) * sizeof(*to));
    return to;
}

WCHAR *WINAPI lstrcatW(WCHAR *to, const WCHAR *from)
{
    lstrcpyW(to + lstrlenW(to), from);
    return to;
}

int WINAPI CompareStringOrdinal(const WCHAR *a, int a_length, const WCHAR *b, int b_length, BOOL ignore_case)
{
    int i = 0;

    if (a_length < 0)
        a_length = lstrlenW(a);
    if (b_length < 0)
        b_length = lstrlenW(b);
    for (; i < a_length && i < b_length; i++)
    {
        WCHAR one = ignore_case ? text_capital(a[i]) : a[i], other = ignore_case ? text_capital(b[i]) : b[i];

        if (one != other)
            return one < other ? CSTR_LESS_THAN : CSTR_GREATER_THAN;
    }
    if (a_length == b_length)
        return CSTR_EQUAL;
    return a_length < b_length ? CSTR_LESS_THAN : CSTR_GREATER_THAN;
}

int WINAPI LCMapStringW(LCID locale, DWORD flags, const WCHAR *from, int from_length, WCHAR *to, int to_size)
{
    (void)locale;
    (void)flags;
    if (from_length < 0 || from_length > to_size)
        return 0;
    for (int i = 0; i < from_length; i++)
        to[i] = text_capital(from[i]);
    return from_length;
}

int wsprintfW(WCHAR *to, const WCHAR *format, ...)
{
    va_list arguments;
    WCHAR *end = to;

    va_start(arguments, format);
    while (*format)
    {
        char digits[16];

        if (*format != '%')
        {
            *end++ = *format++;
            continue;
        }
        if (format[1] != 'l' || format[2] != 'u')
            fail("wsprintfW: a format that the stand-in does not know");
        format += 3;
        snprintf(digits, sizeof(digits), "%u", va_arg(arguments, DWORD));
        for (const char *digit = digits; *digit; digit++)
            *end++ = (WCHAR)*digit;
    }
    va_end(arguments);
    *end = 0;
    return (int)(end - to);
}

BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT format, WCHAR *name, DWORD *size)
{
    (void)format;
    if (fault(FAULT_COMPUTER_NAME))
        return FALSE;
    lstrcpyW(name, L"HERE");
    *size = 4;
    return TRUE;
}

/* ---- the debugger ---- */

static char last_line[512];
static size_t last_length;

void WINAPI OutputDebugStringW(const WCHAR *text)
{
    for (; *text && last_length < sizeof(last_line) - 1; text++)
        last_line[last_length++] = *text < 128 ? (char)*text : '?';
    last_line[last_length] = 0;
    if (last_length && last_line[last_length - 1] == '\n')
        last_length = 0;
}

void WINAPI RaiseFailFastException(void *record, void *context, DWORD flags)
{
    (void)record;
    (void)context;
    (void)flags;
    fail("a check of the product: %s", last_line);
}
