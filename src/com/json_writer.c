#include "com/json_writer.h"

#include "com/error.h"
#include "com/json_array.h"
#include "com/json_object.h"
#include "com/json_place.h"
#include "com/json_scalar.h"
#include "com/plain_value.h"
#include "json/reader.h"
#include "json/string_text.h"

typedef struct json_writer
{
    text_builder *text;
    size_t indent;
    LONG asked; /* items that objects have given one by one, in all */
    unsigned depth;
    json_source sources[JSON_DEPTH]; /* those that are open, from the outermost on */
    json_step steps[JSON_DEPTH];
} json_writer;

/* ---- text ---- */

static void break_line(json_writer *w)
{
    size_t blanks = w->indent * w->depth;
    WCHAR *room;

    if (w->indent == 0)
        return;
    text_builder_append(w->text, L"\r\n", 2);
    room = text_builder_extend(w->text, blanks);
    for (size_t i = 0; room && i < blanks; i++)
        room[i] = ' ';
}

static HRESULT judge_text(const text_builder *b)
{
    switch (b->state)
    {
    case TEXT_NO_MEMORY: return error_raise(ERROR_ID_OUT_OF_MEMORY);
    case TEXT_TOO_LONG: return error_raise(ERROR_ID_JSON_TOO_LONG, (LONG)TEXT_LONGEST);
    case TEXT_GOOD: break;
    }
    return S_OK;
}

/* ---- levels ---- */

/* Returns the place for the next source, which is empty. NULL: there is no further level. */
static json_source *next_level(json_writer *w)
{
    json_source *s;

    if (w->depth == JSON_DEPTH)
        return NULL;
    s = &w->sources[w->depth];
    s->kind = NULL;
    VariantInit(&s->kept);
    return s;
}

static void begin_level(json_writer *w)
{
    text_builder_add(w->text, w->sources[w->depth].kind->is_object ? '{' : '[');
    w->steps[w->depth] = (json_step){0};
    w->depth++;
}

static void end_level(json_writer *w)
{
    json_source *s = &w->sources[w->depth - 1];
    WCHAR end = s->kind->is_object ? '}' : ']';

    w->depth--;
    if (w->steps[w->depth].items)
        break_line(w);
    text_builder_add(w->text, end);
    json_source_close(s);
}

/* ---- values ---- */

/* An array that was never dimensioned is NULL. */
static bool is_bytes(const VARIANT *value)
{
    return V_VT(value) == (VT_ARRAY | VT_UI1) &&
           (!V_ARRAY(value) || (V_ARRAY(value)->cDims == 1 && V_ARRAY(value)->cbElements == 1));
}

static HRESULT write_bytes(json_writer *w, SAFEARRAY *array)
{
    if (!array)
    {
        string_append_base64(w->text, NULL, 0);
        return S_OK;
    }
    if (FAILED(SafeArrayLock(array)))
        return error_raise(ERROR_ID_ARRAY_IN_USE);
    string_append_base64(w->text, array->pvData, array->pvData ? array->rgsabound[0].cElements : 0);
    SafeArrayUnlock(array);
    return S_OK;
}

/* Writes a value that is no object; begins a level for an array, whose source is `s`, or NULL if there is none left. */
static HRESULT write_plain(json_writer *w, const VARIANT *value, json_source *s)
{
    HRESULT hr;

    if (is_bytes(value))
        return write_bytes(w, V_ARRAY(value));
    if (!V_ISARRAY(value))
        return json_scalar_append(w->text, value);
    if (!s)
        return error_raise(ERROR_ID_JSON_TOO_DEEP, (LONG)JSON_DEPTH);
    hr = json_array_open(value, s);
    if (SUCCEEDED(hr))
        begin_level(w);
    return hr;
}

/* Writes an object that stands for a value, which its source keeps until then. */
static HRESULT write_kept(json_writer *w, json_source *s)
{
    VARIANT value;
    HRESULT hr;

    if (!plain_value(&s->kept, &value))
        hr = error_raise(ERROR_ID_NO_JSON);
    else
        hr = write_plain(w, &value, s);
    if (FAILED(hr) || !s->kind)
        json_source_close(s);
    return hr;
}

static HRESULT write_object(json_writer *w, IUnknown *object)
{
    json_source *s = next_level(w);
    HRESULT hr;

    if (!s)
        return error_raise(ERROR_ID_JSON_TOO_DEEP, (LONG)JSON_DEPTH);
    hr = json_object_open(object, s);
    if (FAILED(hr))
        return hr;
    if (!s->kind)
        return write_kept(w, s);
    begin_level(w);
    return S_OK;
}

/* Writes a value, or begins to: then there is one more level. */
static HRESULT write_value(json_writer *w, const VARIANT *value)
{
    VARIANT plain;

    if (!plain_value(value, &plain))
        return error_raise(ERROR_ID_NO_JSON);
    if (plain_value_is_object(&plain))
        return write_object(w, V_UNKNOWN(&plain));
    return write_plain(w, &plain, next_level(w));
}

static HRESULT write_row(json_writer *w)
{
    json_source *s = next_level(w);

    if (!s)
        return error_raise(ERROR_ID_JSON_TOO_DEEP, (LONG)JSON_DEPTH);
    json_array_open_row(s - 1, s);
    begin_level(w);
    return S_OK;
}

static HRESULT write_name(json_writer *w, json_step *step, const VARIANT *name)
{
    size_t begin = w->text->length;
    HRESULT hr = json_name_append(w->text, name);

    step->name = begin;
    step->end = SUCCEEDED(hr) && w->text->state == TEXT_GOOD ? w->text->length : 0;
    text_builder_append(w->text, L": ", w->indent > 0 ? 2 : 1);
    return hr;
}

static HRESULT write_item(json_writer *w, const json_item *item)
{
    json_step *step = &w->steps[w->depth - 1];
    HRESULT hr = S_OK;

    if (step->items++)
        text_builder_add(w->text, ',');
    break_line(w);
    if (item->name)
        hr = write_name(w, step, item->name);
    if (FAILED(hr))
        return hr;
    return item->value ? write_value(w, item->value) : write_row(w);
}

/* Writes the next item of the innermost level, or its end. */
static HRESULT write_next(json_writer *w)
{
    json_source *s = &w->sources[w->depth - 1];
    json_item item = {NULL, NULL};
    HRESULT hr;

    if (s->kind->is_asked && ++w->asked > ITEMS_MOST)
        return error_raise(ERROR_ID_JSON_ENDLESS, (LONG)ITEMS_MOST);
    hr = s->kind->next(s, &item);
    if (hr == S_FALSE)
        end_level(w);
    else if (SUCCEEDED(hr))
        hr = write_item(w, &item);
    return FAILED(hr) ? hr : judge_text(w->text);
}

static void close_levels(json_writer *w)
{
    IErrorInfo *sentence = error_take();

    while (w->depth > 0)
        json_source_close(&w->sources[--w->depth]);
    error_put_back(sentence);
}

static HRESULT write_all(const VARIANT *value, LONG indent, text_builder *out)
{
    json_writer *w = mem_alloc(sizeof(*w));
    HRESULT hr;

    if (!w)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    w->text = out;
    w->indent = (size_t)indent;
    hr = write_value(w, value);
    while (SUCCEEDED(hr) && w->depth > 0)
        hr = write_next(w);
    if (FAILED(hr))
        hr = json_place_add(hr, w->steps, w->depth, out);
    else
        hr = judge_text(out);
    close_levels(w);
    mem_free(w);
    return hr;
}

HRESULT json_write_text(const VARIANT *value, LONG indent, BSTR *text)
{
    text_builder b = {0};
    HRESULT hr = write_all(value, indent, &b);

    *text = SUCCEEDED(hr) ? SysAllocStringLen(b.text, (UINT)b.length) : NULL;
    text_builder_fini(&b);
    return SUCCEEDED(hr) && !*text ? error_raise(ERROR_ID_OUT_OF_MEMORY) : hr;
}
