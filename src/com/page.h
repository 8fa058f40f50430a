/* page.h: a page of text that a person reads: headings, rows of a name and a value, lines. One thread at a time.
 *
 * What is written after a failure is dropped; page_give tells of it. Formats know %s (const WCHAR *; control characters
 * in it become blanks), %d (LONG), %u (DWORD), %n (LONGLONG), %x (DWORD, as 0x and eight
 * digits) and %t (const SYSTEMTIME *). */

#ifndef COM_PAGE_H
#define COM_PAGE_H

#include "com/com.h"

#include "json/text_builder.h"

/* A zeroed page is empty. */
typedef struct page
{
    text_builder text;
} page;

/* An empty line, and a heading. */
void page_heading(page *p, const WCHAR *heading);
/* "  name: value" */
void page_row(page *p, const WCHAR *name, const WCHAR *format, ...);
/* "  - text" */
void page_item(page *p, const WCHAR *format, ...);
void page_line(page *p, const WCHAR *format, ...);

/* Gives the text, and empties the page. NULL: memory was short. Free it with SysFreeString. */
BSTR page_give(page *p);

#endif
