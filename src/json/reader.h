/* reader.h: JSON text (RFC 8259), one token after the other. The reader copies nothing, and allocates nothing; it does
 * not call itself, however deep the text is nested. One thread at a time; the text must stay.
 *
 * The tokens of a text are those of one value, then JSON_END. A value is a token, or JSON_BEGIN_ARRAY, values, and
 * JSON_END_ARRAY, or JSON_BEGIN_OBJECT, pairs of a JSON_NAME and a value, and JSON_END_OBJECT. A byte order mark in
 * front of the text is skipped. */

#ifndef JSON_READER_H
#define JSON_READER_H

#include "json/number.h"

#define JSON_DEPTH 100     /* levels of arrays and objects */
#define JSON_MEMBERS 32768 /* of one object; those whose names are equal count, too */

typedef enum json_token
{
    JSON_NULL,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_NAME,
    JSON_BEGIN_ARRAY,
    JSON_END_ARRAY,
    JSON_BEGIN_OBJECT,
    JSON_END_OBJECT,
    JSON_END,
    JSON_WRONG /* see `fault`; nothing can be read any more */
} json_token;

typedef enum json_fault
{
    JSON_NO_FAULT,
    JSON_FAULT_ENDS,     /* the text ends too early */
    JSON_FAULT_VALUE,    /* there is no value where one must be */
    JSON_FAULT_NAME,     /* an object's member does not begin with a string */
    JSON_FAULT_COLON,    /* no colon behind a name */
    JSON_FAULT_ELEMENT,  /* neither a comma nor ] behind an element */
    JSON_FAULT_MEMBER,   /* neither a comma nor } behind a member */
    JSON_FAULT_MORE,     /* something behind the value */
    JSON_FAULT_QUOTE,    /* a string without an end */
    JSON_FAULT_CONTROL,  /* a control character in a string */
    JSON_FAULT_ESCAPE,   /* an escape that there is not */
    JSON_FAULT_HEX,      /* not four hexadecimal digits behind \u */
    JSON_FAULT_DIGIT,    /* no digit where a number must have one */
    JSON_FAULT_ZERO,     /* a number that begins with a 0 and goes on with a digit */
    JSON_FAULT_LARGE,    /* a number larger than any Double */
    JSON_FAULT_DEEP,     /* more than JSON_DEPTH levels */
    JSON_FAULT_MEMBERS,  /* an object with more than JSON_MEMBERS members */
    JSON_FAULT_ENCODING, /* no UTF-8; the reader itself does not find this */
    JSON_FAULTS
} json_fault;

/* What the next token must be. */
typedef enum json_expectation
{
    EXPECT_VALUE,
    EXPECT_ELEMENT_OR_END, /* behind [ */
    EXPECT_NAME_OR_END,    /* behind { */
    EXPECT_COMMA_OR_END,   /* behind a value */
    EXPECT_NOTHING         /* behind JSON_END or JSON_WRONG */
} json_expectation;

typedef struct json_reader
{
    const WCHAR *text;
    size_t length, at;
    json_expectation expected;
    json_fault fault;
    size_t fault_at; /* an index of the text */
    unsigned depth;
    bool in_object[JSON_DEPTH];   /* for each level; else it is an array */
    unsigned members[JSON_DEPTH]; /* for each level: of the object so far */
    /* JSON_STRING and JSON_NAME: where the string's inside is. JSON_NUMBER: where the number is. */
    const WCHAR *raw;
    size_t raw_length;
    size_t string_length; /* JSON_STRING and JSON_NAME: characters once escapes are replaced */
    number number;        /* JSON_NUMBER */
} json_reader;

/* `text` may be NULL if `length` is 0. */
void json_reader_init(json_reader *r, const WCHAR *text, size_t length);

json_token json_reader_next(json_reader *r);

/* Writes the string of the last token, which was JSON_STRING or JSON_NAME: `string_length` characters, no NUL. */
void json_reader_copy_string(const json_reader *r, WCHAR *to);

/* Gives line and column of a place in a text, both from 1 up. A line ends with CR, LF or both. */
void json_place(const WCHAR *text, size_t at, LONG *line, LONG *column);

#endif
