#include "com/page.h"

#include <stdarg.h>

static void add_text(page *p, const WCHAR *text)
{
    for (; *text; text++)
        text_builder_add(&p->text, *text < L' ' ? L' ' : *text);
}

static void add_number(page *p, ULONGLONG number)
{
    WCHAR digits[24];
    int at = (int)ARRAYSIZE(digits);

    do
    {
        digits[--at] = (WCHAR)(L'0' + number % 10);
        number /= 10;
    } while (number);
    text_builder_append(&p->text, &digits[at], ARRAYSIZE(digits) - (size_t)at);
}

static void add_signed(page *p, LONGLONG number)
{
    if (number < 0)
        text_builder_add(&p->text, L'-');
    add_number(p, number < 0 ? 0 - (ULONGLONG)number : (ULONGLONG)number);
}

static void add_hex(page *p, DWORD number)
{
    WCHAR text[16];

    wsprintfW(text, L"0x%08lX", number);
    add_text(p, text);
}

static void add_time(page *p, const SYSTEMTIME *t)
{
    WCHAR text[40];

    wsprintfW(text, L"%04u-%02u-%02u %02u:%02u:%02u", t->wYear, t->wMonth, t->wDay, t->wHour, t->wMinute, t->wSecond);
    add_text(p, text);
}

static void add_formatted(page *p, const WCHAR *format, va_list arguments)
{
    for (; *format; format++)
    {
        if (*format != L'%')
        {
            text_builder_add(&p->text, *format);
            continue;
        }
        switch (*++format)
        {
        case L's': add_text(p, va_arg(arguments, const WCHAR *)); break;
        case L'd': add_signed(p, va_arg(arguments, LONG)); break;
        case L'u': add_number(p, va_arg(arguments, DWORD)); break;
        case L'n': add_signed(p, va_arg(arguments, LONGLONG)); break;
        case L'x': add_hex(p, va_arg(arguments, DWORD)); break;
        case L't': add_time(p, va_arg(arguments, const SYSTEMTIME *)); break;
        default: text_builder_add(&p->text, *format); break;
        }
    }
}

static void end_line(page *p)
{
    text_builder_append(&p->text, L"\r\n", 2);
}

void page_heading(page *p, const WCHAR *heading)
{
    end_line(p);
    add_text(p, heading);
    end_line(p);
}

void page_row(page *p, const WCHAR *name, const WCHAR *format, ...)
{
    va_list arguments;

    add_text(p, L"  ");
    add_text(p, name);
    add_text(p, L": ");
    va_start(arguments, format);
    add_formatted(p, format, arguments);
    va_end(arguments);
    end_line(p);
}

void page_item(page *p, const WCHAR *format, ...)
{
    va_list arguments;

    add_text(p, L"  - ");
    va_start(arguments, format);
    add_formatted(p, format, arguments);
    va_end(arguments);
    end_line(p);
}

void page_line(page *p, const WCHAR *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_formatted(p, format, arguments);
    va_end(arguments);
    end_line(p);
}

BSTR page_give(page *p)
{
    BSTR text = p->text.state == TEXT_GOOD ? SysAllocStringLen(p->text.text, (UINT)p->text.length) : NULL;

    text_builder_fini(&p->text);
    return text;
}
