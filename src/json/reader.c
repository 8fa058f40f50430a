#include "json/reader.h"

/* ---- characters ---- */

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(WCHAR c)
{
    return c >= '0' && c <= '9';
}

static int hex_digit(WCHAR c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Returns what an escape of two characters means, or 0 if there is no such escape. */
static WCHAR unescape(WCHAR c)
{
    switch (c)
    {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/': return c;
    default: return 0;
    }
}

void json_reader_init(json_reader *r, const WCHAR *text, size_t length)
{
    static const json_reader fresh = {0};

    *r = fresh;
    r->text = text;
    r->length = length;
    r->at = length > 0 && text[0] == 0xFEFF; /* a byte order mark */
}

static json_token wrong(json_reader *r, json_fault fault, size_t at)
{
    r->fault = at < r->length || fault == JSON_FAULT_QUOTE ? fault : JSON_FAULT_ENDS;
    r->fault_at = at;
    r->expected = EXPECT_NOTHING;
    return JSON_WRONG;
}

/* The character at r->at + ahead; 0 behind the end. */
static WCHAR peek(const json_reader *r, size_t ahead)
{
    return ahead < r->length - r->at ? r->text[r->at + ahead] : 0;
}

static void skip_blanks(json_reader *r)
{
    while (is_blank(peek(r, 0)))
        r->at++;
}

static json_token end_value(json_reader *r, json_token token)
{
    r->expected = EXPECT_COMMA_OR_END;
    return token;
}

/* ---- words and numbers ---- */

static json_token read_word(json_reader *r, const char *word, json_token token)
{
    size_t length = strlen(word);

    for (size_t i = 0; i < length; i++)
        if (peek(r, i) != (WCHAR)word[i])
            return wrong(r, JSON_FAULT_VALUE, r->at);
    r->at += length;
    return end_value(r, token);
}

/* Skips digits, and returns whether there was one. */
static bool skip_digits(json_reader *r)
{
    size_t begin = r->at;

    while (is_digit(peek(r, 0)))
        r->at++;
    return r->at > begin;
}

/* Skips a number, and returns what is wrong at r->at. */
static json_fault skip_number(json_reader *r)
{
    r->at += peek(r, 0) == '-';
    if (peek(r, 0) == '0' && is_digit(peek(r, 1)))
        return JSON_FAULT_ZERO;
    if (!skip_digits(r))
        return JSON_FAULT_DIGIT;
    if (peek(r, 0) == '.')
    {
        r->at++;
        if (!skip_digits(r))
            return JSON_FAULT_DIGIT;
    }
    if (peek(r, 0) == 'e' || peek(r, 0) == 'E')
    {
        r->at++;
        r->at += peek(r, 0) == '+' || peek(r, 0) == '-';
        if (!skip_digits(r))
            return JSON_FAULT_DIGIT;
    }
    return JSON_NO_FAULT;
}

static json_token read_number(json_reader *r)
{
    size_t begin = r->at;
    json_fault fault = skip_number(r);

    if (fault)
        return wrong(r, fault, r->at);
    r->raw = r->text + begin;
    r->raw_length = r->at - begin;
    r->number = number_read(r->raw, r->raw_length);
    if (r->number.kind == NUMBER_TOO_LARGE)
        return wrong(r, JSON_FAULT_LARGE, begin);
    return end_value(r, JSON_NUMBER);
}

/* ---- strings ---- */

/* Skips an escape, and returns what is wrong at r->at. */
static json_fault skip_escape(json_reader *r)
{
    if (peek(r, 1) != 'u')
    {
        if (!unescape(peek(r, 1)))
            return JSON_FAULT_ESCAPE;
        r->at += 2;
        return JSON_NO_FAULT;
    }
    for (size_t i = 2; i < 6; i++)
        if (hex_digit(peek(r, i)) < 0)
            return JSON_FAULT_HEX;
    r->at += 6;
    return JSON_NO_FAULT;
}

static json_token read_string(json_reader *r, json_token token)
{
    size_t begin = r->at++;
    json_fault fault = JSON_NO_FAULT;

    r->raw = r->text + r->at;
    r->string_length = 0;
    for (; r->at < r->length && r->text[r->at] != '"' && !fault; r->string_length++)
    {
        if (r->text[r->at] == '\\')
            fault = skip_escape(r);
        else if (r->text[r->at] < 0x20)
            fault = JSON_FAULT_CONTROL;
        else
            r->at++;
    }
    if (fault)
        return wrong(r, fault, r->at);
    if (r->at == r->length)
        return wrong(r, JSON_FAULT_QUOTE, begin);
    r->raw_length = (size_t)(r->text + r->at - r->raw);
    r->at++;
    return end_value(r, token);
}

void json_reader_copy_string(const json_reader *r, WCHAR *to)
{
    const WCHAR *from = r->raw;

    if (r->raw_length == r->string_length)
    {
        if (r->raw_length > 0)
            memcpy(to, from, r->raw_length * sizeof(*to));
        return;
    }
    for (size_t i = 0; i < r->string_length; i++)
    {
        if (*from != '\\')
            to[i] = *from++;
        else if (from[1] != 'u')
        {
            to[i] = unescape(from[1]);
            from += 2;
        }
        else
        {
            to[i] = (WCHAR)(hex_digit(from[2]) << 12 | hex_digit(from[3]) << 8 | hex_digit(from[4]) << 4 |
                            hex_digit(from[5]));
            from += 6;
        }
    }
}

/* ---- arrays and objects ---- */

static json_token begin_level(json_reader *r, bool is_object)
{
    if (r->depth == JSON_DEPTH)
        return wrong(r, JSON_FAULT_DEEP, r->at);
    r->at++;
    r->in_object[r->depth] = is_object;
    r->members[r->depth] = 0;
    r->depth++;
    r->expected = is_object ? EXPECT_NAME_OR_END : EXPECT_ELEMENT_OR_END;
    return is_object ? JSON_BEGIN_OBJECT : JSON_BEGIN_ARRAY;
}

static json_token end_level(json_reader *r)
{
    r->at++;
    r->depth--;
    return end_value(r, r->in_object[r->depth] ? JSON_END_OBJECT : JSON_END_ARRAY);
}

static json_token read_value(json_reader *r)
{
    switch (peek(r, 0))
    {
    case '[': return begin_level(r, false);
    case '{': return begin_level(r, true);
    case '"': return read_string(r, JSON_STRING);
    case 't': return read_word(r, "true", JSON_TRUE);
    case 'f': return read_word(r, "false", JSON_FALSE);
    case 'n': return read_word(r, "null", JSON_NULL);
    default:
        if (peek(r, 0) == '-' || is_digit(peek(r, 0)))
            return read_number(r);
        return wrong(r, JSON_FAULT_VALUE, r->at);
    }
}

/* Reads a name and the colon behind it. */
static json_token read_name(json_reader *r)
{
    json_token token;

    if (peek(r, 0) != '"')
        return wrong(r, JSON_FAULT_NAME, r->at);
    if (r->members[r->depth - 1]++ == JSON_MEMBERS)
        return wrong(r, JSON_FAULT_MEMBERS, r->at);
    token = read_string(r, JSON_NAME);
    if (token == JSON_WRONG)
        return token;
    skip_blanks(r);
    if (peek(r, 0) != ':')
        return wrong(r, JSON_FAULT_COLON, r->at);
    r->at++;
    r->expected = EXPECT_VALUE;
    return token;
}

/* Reads what stands behind a value: the end of what it is in, or a comma and the next one. */
static json_token read_next(json_reader *r)
{
    bool in_object;

    if (r->depth == 0)
    {
        if (r->at < r->length)
            return wrong(r, JSON_FAULT_MORE, r->at);
        r->expected = EXPECT_NOTHING;
        return JSON_END;
    }
    in_object = r->in_object[r->depth - 1];
    if (peek(r, 0) == (in_object ? '}' : ']'))
        return end_level(r);
    if (peek(r, 0) != ',')
        return wrong(r, in_object ? JSON_FAULT_MEMBER : JSON_FAULT_ELEMENT, r->at);
    r->at++;
    skip_blanks(r);
    return in_object ? read_name(r) : read_value(r);
}

json_token json_reader_next(json_reader *r)
{
    skip_blanks(r);
    switch (r->expected)
    {
    case EXPECT_ELEMENT_OR_END: return peek(r, 0) == ']' ? end_level(r) : read_value(r);
    case EXPECT_NAME_OR_END: return peek(r, 0) == '}' ? end_level(r) : read_name(r);
    case EXPECT_COMMA_OR_END: return read_next(r);
    case EXPECT_VALUE: return read_value(r);
    case EXPECT_NOTHING: break;
    }
    return r->fault ? JSON_WRONG : JSON_END;
}

void json_place(const WCHAR *text, size_t at, LONG *line, LONG *column)
{
    size_t begin = 0;

    *line = 1;
    for (size_t i = 0; i < at; i++)
    {
        if (text[i] != '\n' && (text[i] != '\r' || (i + 1 < at && text[i + 1] == '\n')))
            continue;
        ++*line;
        begin = i + 1;
    }
    *column = (LONG)(at - begin + 1);
}
