#include "json/date_text.h"

#include "json/powers.h"

enum
{
    FIRST_DAY = -657434, /* of the year 100 */
    LAST_DAY = 2958465,  /* of the year 9999 */
    DAYS_BEFORE = 693899 /* from 0000-03-01 to 1899-12-30 */
};

#define MS_OF_DAY 86400000

/* Takes a date apart, with integers alone (see powers.h). Returns false if it is no number, or far too large. */
static bool split(double date, LONG *day, DWORD *ms)
{
    uint64_t bits, significand, fraction = 0, unused;
    int point;

    memcpy(&bits, &date, sizeof(bits));
    point = 1075 - (int)(bits >> 52 & 0x7FF); /* so many bits are the fraction */
    significand = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
    *day = 0;
    *ms = 0;
    if (point < 53 - 24)
        return false;
    if (point > 52 + 40) /* less than a millisecond */
        return true;
    if (point <= 52)
        *day = (LONG)(significand >> point);
    fraction = point <= 64 ? significand << (64 - point) : significand >> (point - 64);
    *ms = (DWORD)multiply_wide(fraction, MS_OF_DAY, &unused);
    *ms += (DWORD)(unused >> 63);
    if (bits >> 63)
        *day = -*day;
    if (*ms == MS_OF_DAY)
    {
        *day += 1;
        *ms = 0;
    }
    return true;
}

static WCHAR *write_number(unsigned n, unsigned digits, WCHAR *to)
{
    for (unsigned i = digits; i-- > 0; n /= 10)
        to[i] = (WCHAR)('0' + n % 10);
    return to + digits;
}

/* The months are counted from March, so that the leap day is the last of its year. */
static WCHAR *write_day(LONG day, WCHAR *to)
{
    unsigned days = (unsigned)(day + DAYS_BEFORE), four_centuries = days / 146097, of_them = days % 146097;
    unsigned of_century = (of_them - of_them / 1460 + of_them / 36524 - of_them / 146096) / 365;
    unsigned of_year = of_them - (365 * of_century + of_century / 4 - of_century / 100);
    unsigned month = (5 * of_year + 2) / 153, year = four_centuries * 400 + of_century + (month >= 10);

    to = write_number(year, 4, to);
    *to++ = '-';
    to = write_number(month < 10 ? month + 3 : month - 9, 2, to);
    *to++ = '-';
    return write_number(of_year - (153 * month + 2) / 5 + 1, 2, to);
}

static WCHAR *write_time(DWORD ms, WCHAR *to)
{
    to = write_number(ms / 3600000, 2, to);
    *to++ = ':';
    to = write_number(ms / 60000 % 60, 2, to);
    *to++ = ':';
    to = write_number(ms / 1000 % 60, 2, to);
    if (ms % 1000 == 0)
        return to;
    *to++ = '.';
    return write_number(ms % 1000, 3, to);
}

unsigned date_text_of(double date, WCHAR to[DATE_TEXT])
{
    WCHAR *end = to;
    LONG day;
    DWORD ms;

    if (!split(date, &day, &ms) || day < FIRST_DAY || day > LAST_DAY)
        return 0;
    end = write_day(day, end);
    *end++ = 'T';
    return (unsigned)(write_time(ms, end) - to);
}
