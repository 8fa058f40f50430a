/* json.c: JSON text from another program. An input is bytes, which may be UTF-8.
 *
 * The text is taken or refused as a plain reading of the grammar says; each number is the one that the C library reads,
 * and comes back from its own text; what is read, written anew, is read as the same again. */

#include "fuzz.h"

#include "json/number_text.h"
#include "json/reader.h"
#include "json/string_text.h"
#include "json/utf8.h"

#include <stdlib.h>

/* ---- a second opinion: the grammar, by functions that call each other ---- */

typedef struct cursor
{
    const WCHAR *at, *end;
    unsigned depth;
} cursor;

static bool takes(cursor *c, WCHAR expected)
{
    if (c->at == c->end || *c->at != expected)
        return false;
    c->at++;
    return true;
}

static bool takes_word(cursor *c, const char *word)
{
    while (*word && takes(c, (WCHAR)*word))
        word++;
    return !*word;
}

static void skip(cursor *c)
{
    while (takes(c, ' ') || takes(c, '\t') || takes(c, '\n') || takes(c, '\r'))
        ;
}

static bool is_hex(WCHAR c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_string(cursor *c)
{
    if (!takes(c, '"'))
        return false;
    for (; c->at < c->end && *c->at >= 0x20; c->at++)
    {
        if (*c->at == '"')
            return takes(c, '"');
        if (*c->at != '\\')
            continue;
        if (++c->at == c->end || *c->at >= 0x80 || !*c->at || !strchr("\"\\/bfnrtu", (char)*c->at))
            return false;
        if (*c->at != 'u')
            continue;
        if (c->end - c->at < 5 || !is_hex(c->at[1]) || !is_hex(c->at[2]) || !is_hex(c->at[3]) || !is_hex(c->at[4]))
            return false;
        c->at += 4;
    }
    return false;
}

static bool takes_digits(cursor *c)
{
    const WCHAR *begin = c->at;

    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > begin;
}

/* What the C library makes of a number. */
static double value_of(const WCHAR *begin, const WCHAR *end)
{
    size_t length = (size_t)(end - begin);
    char *copy = malloc(length + 1);
    double value;

    for (size_t i = 0; i < length; i++)
        copy[i] = (char)begin[i];
    copy[length] = 0;
    value = strtod(copy, NULL);
    free(copy);
    return value;
}

static bool is_number(cursor *c)
{
    const WCHAR *begin = c->at;

    takes(c, '-');
    if (!takes(c, '0') && !takes_digits(c))
        return false;
    if (takes(c, '.') && !takes_digits(c))
        return false;
    if (takes(c, 'e') || takes(c, 'E'))
    {
        if (!takes(c, '+'))
            takes(c, '-');
        if (!takes_digits(c))
            return false;
    }
    return value_of(begin, c->at) - value_of(begin, c->at) == 0; /* not for infinities */
}

static bool is_value(cursor *c);

static bool is_list(cursor *c, WCHAR end, bool has_names)
{
    unsigned count = 0;

    if (++c->depth > JSON_DEPTH)
        return false;
    skip(c);
    c->depth -= c->at < c->end && *c->at == end;
    if (takes(c, end))
        return true;
    do
    {
        skip(c);
        if (has_names && (count++ == JSON_MEMBERS || !is_string(c)))
            return false;
        skip(c);
        if ((has_names && !takes(c, ':')) || !is_value(c))
            return false;
        skip(c);
    } while (takes(c, ','));
    c->depth--;
    return takes(c, end);
}

static bool is_value(cursor *c)
{
    skip(c);
    if (c->at == c->end)
        return false;
    switch (*c->at)
    {
    case '"': return is_string(c);
    case 't': return takes_word(c, "true");
    case 'f': return takes_word(c, "false");
    case 'n': return takes_word(c, "null");
    case '[': c->at++; return is_list(c, ']', false);
    case '{': c->at++; return is_list(c, '}', true);
    default: return is_number(c);
    }
}

static bool is_json(const WCHAR *text, size_t length)
{
    cursor c = {.at = text, .end = text + length};

    takes(&c, 0xFEFF);
    if (!is_value(&c))
        return false;
    skip(&c);
    return c.at == c.end;
}

/* ---- numbers ---- */

static bool same_bits(double a, double b)
{
    return !memcmp(&a, &b, sizeof(a));
}

static void check_number(const json_reader *r)
{
    const number *n = &r->number;
    double value = value_of(r->raw, r->raw + r->raw_length);
    WCHAR written[NUMBER_TEXT];
    number again;

    if (n->kind == NUMBER_LONG)
        promise(value == n->whole && r->raw_length <= 11, "a Long is another number");
    else if (n->kind == NUMBER_DOUBLE)
    {
        promise(same_bits(value, n->real), "a Double is not the nearest");
        again = number_read(written, number_text_of_double(n->real, written));
        promise(again.kind == NUMBER_LONG ? same_bits(again.whole, n->real) : same_bits(again.real, n->real),
                "a Double does not come back");
    }
    else
    {
        unsigned length = number_text_of_scaled(n->high, n->low, 0, n->is_negative, written);

        promise(length == r->raw_length && !memcmp(written, r->raw, length * sizeof(WCHAR)),
                "a Decimal is another number");
    }
}

/* ---- there and back ---- */

static bool is_end(json_token token)
{
    return token == JSON_END_ARRAY || token == JSON_END_OBJECT;
}

static void write_token(text_builder *out, const json_reader *r, json_token token)
{
    static const char *const words[] = {
        [JSON_NULL] = "null",   [JSON_TRUE] = "true",      [JSON_FALSE] = "false", [JSON_BEGIN_ARRAY] = "[",
        [JSON_END_ARRAY] = "]", [JSON_BEGIN_OBJECT] = "{", [JSON_END_OBJECT] = "}"};
    WCHAR *string;

    if (token == JSON_NUMBER)
        text_builder_append(out, r->raw, r->raw_length);
    else if (token == JSON_STRING || token == JSON_NAME)
    {
        string = malloc(r->string_length * sizeof(*string));
        json_reader_copy_string(r, string);
        string_append(out, string, r->string_length);
        free(string);
        if (token == JSON_NAME)
            text_builder_add(out, ':');
    }
    else
        for (const char *word = words[token]; *word; word++)
            text_builder_add(out, (WCHAR)*word);
}

/* Reads a text and writes it in one line. Returns whether it is taken. */
static bool rewrite(const WCHAR *text, size_t length, text_builder *out)
{
    bool needs_comma = false;
    json_token token;
    json_reader r;

    json_reader_init(&r, text, length);
    for (token = json_reader_next(&r); token < JSON_END; token = json_reader_next(&r))
    {
        if (needs_comma && !is_end(token))
            text_builder_add(out, ',');
        write_token(out, &r, token);
        if (token == JSON_NUMBER)
            check_number(&r);
        needs_comma = token != JSON_NAME && token != JSON_BEGIN_ARRAY && token != JSON_BEGIN_OBJECT;
    }
    if (token == JSON_WRONG)
    {
        LONG line, column;

        promise(r.fault > JSON_NO_FAULT && r.fault < JSON_FAULTS, "a fault has no name");
        promise(r.fault_at <= length, "a fault lies outside the text");
        json_place(text, r.fault_at, &line, &column);
        promise(line >= 1 && column >= 1 && (size_t)line + (size_t)column <= length + 2, "a place is outside the text");
    }
    return token == JSON_END;
}

static void check_text(const WCHAR *text, size_t length)
{
    text_builder once = {0}, twice = {0};
    bool is_taken = rewrite(text, length, &once);

    promise(is_taken == is_json(text, length), "a text is judged otherwise than the grammar says");
    if (is_taken)
    {
        promise(rewrite(once.text, once.length, &twice), "what was read and written is refused");
        promise(once.length == twice.length && !memcmp(once.text, twice.text, once.length * sizeof(WCHAR)),
                "what was read and written is read as something else");
    }
    text_builder_fini(&once);
    text_builder_fini(&twice);
}

/* ---- UTF-8 ---- */

static size_t encode(const WCHAR *text, size_t length, BYTE *to)
{
    size_t size = 0;

    for (size_t i = 0; i < length; i++)
    {
        DWORD c = text[i];

        if (c >= 0xD800 && c < 0xDC00 && i + 1 < length)
            c = 0x10000 + ((c & 0x3FF) << 10) + (text[++i] & 0x3FF);
        if (c < 0x80)
            to[size++] = (BYTE)c;
        else
        {
            int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

            to[size++] = (BYTE)(0xFF00 >> (more + 1) | c >> (6 * more));
            while (more-- > 0)
                to[size++] = (BYTE)(0x80 | (c >> (6 * more) & 0x3F));
        }
    }
    return size;
}

int LLVMFuzzerTestOneInput(const BYTE *data, size_t size)
{
    size_t right, length = utf8_decode(data, size, NULL, &right);
    WCHAR *decoded = malloc(length * sizeof(*decoded));
    BYTE *again = malloc(3 * length + 1);
    text given = text_of(data, size);

    utf8_decode(data, right, decoded, &right);
    promise(right <= size && encode(decoded, length, again) == right && !memcmp(again, data, right),
            "UTF-8 is decoded to another text");
    check_text(decoded, length);
    check_text(given.characters, given.length); /* with halves of surrogate pairs */
    text_free(given);
    free(again);
    free(decoded);
    return 0;
}
