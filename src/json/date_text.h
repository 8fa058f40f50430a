/* date_text.h: Visual Basic's dates as ISO 8601 has them, without a zone. Any thread may call everything here. */

#ifndef JSON_DATE_TEXT_H
#define JSON_DATE_TEXT_H

#include "base/win32.h"

#define DATE_TEXT 23

/* Writes a date such as 2026-11-26T18:04:00, with milliseconds where there are any, and returns how many characters it
 * wrote. No NUL follows. `date` is days since 1899-12-30; for a negative number the fraction counts forwards all the
 * same. Returns 0 if it lies outside the years 100 to 9999. */
unsigned date_text_of(double date, WCHAR to[DATE_TEXT]);

#endif
