/* number.h: reading a number of JSON as Visual Basic holds it. Any thread may call everything here. */

#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include "base/win32.h"

typedef enum number_kind
{
    NUMBER_LONG,
    NUMBER_DOUBLE,
    NUMBER_DECIMAL,  /* whole */
    NUMBER_TOO_LARGE /* larger than any Double */
} number_kind;

typedef struct number
{
    number_kind kind;
    LONG whole;       /* NUMBER_LONG */
    double real;      /* NUMBER_DOUBLE */
    bool is_negative; /* NUMBER_DECIMAL, as the fields below: 96 bits */
    uint32_t high;
    uint64_t low;
} number;

/* Reads a number that is right by the grammar of RFC 8259. Without a fraction and an exponent it is a Long, if it is
 * not -0 and fits; a Double, if that holds it exactly or it has more than 28 digits; else a Decimal. With either of
 * them it is a Double. */
number number_read(const WCHAR *text, size_t length);

#endif
