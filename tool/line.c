#include "tool/line.h"

#include <wchar.h>

enum
{
    DIGITS = 24
};

static void number_of(text_builder *b, ULONGLONG number, unsigned base, unsigned digits)
{
    WCHAR text[DIGITS];
    unsigned place = DIGITS;

    do
    {
        text[--place] = L"0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0 || DIGITS - place < digits);
    text_builder_append(b, text + place, DIGITS - place);
}

void line_text(text_builder *b, const WCHAR *text)
{
    text_builder_append(b, text, wcslen(text));
}

void line_number(text_builder *b, ULONGLONG number)
{
    number_of(b, number, 10, 1);
}

void line_hex(text_builder *b, ULONG number, unsigned digits)
{
    number_of(b, number, 16, digits);
}

void line_fixed(text_builder *b, double number, unsigned places)
{
    ULONGLONG scale = 1, scaled;

    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    scaled = (ULONGLONG)(number * (double)scale + 0.5);
    number_of(b, scaled / scale, 10, 1);
    if (places > 0)
    {
        text_builder_add(b, L'.');
        number_of(b, scaled % scale, 10, places);
    }
}

void line_pad(text_builder *b, size_t from, size_t width)
{
    while (b->state == TEXT_GOOD && b->length - from < width)
        text_builder_add(b, L' ');
}

void line_time(text_builder *b, const SYSTEMTIME *time)
{
    number_of(b, time->wHour, 10, 2);
    text_builder_add(b, L':');
    number_of(b, time->wMinute, 10, 2);
    text_builder_add(b, L':');
    number_of(b, time->wSecond, 10, 2);
    text_builder_add(b, L'.');
    number_of(b, time->wMilliseconds, 10, 3);
}

void line_day_and_time(text_builder *b, const SYSTEMTIME *time)
{
    number_of(b, time->wYear, 10, 4);
    text_builder_add(b, L'-');
    number_of(b, time->wMonth, 10, 2);
    text_builder_add(b, L'-');
    number_of(b, time->wDay, 10, 2);
    text_builder_add(b, L'T');
    line_time(b, time);
}
