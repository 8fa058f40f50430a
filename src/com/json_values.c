#include "com/json_values.h"

#include "com/dictionary.h"
#include "com/error.h"
#include "json/names.h"
#include "json/reader.h"
#include "json/utf8.h"

/* Values that are read and are not in their array or object yet: those of all levels, one behind the other. Names stand
 * before the values of their members. */
typedef struct json_values
{
    json_reader reader;
    dictionary_maker dictionaries;
    VARIANT *values;
    size_t count, capacity;
    size_t begins[JSON_DEPTH]; /* for each level: its first value */
} json_values;

/* ---- faults ---- */

static const WCHAR *const faults[JSON_FAULTS] = {
    [JSON_FAULT_ENDS] = L"the text ends before the value does",
    [JSON_FAULT_VALUE] = L"here must be a value, such as a number, true, null, or a text in quotation marks",
    [JSON_FAULT_NAME] = L"here must be the name of a member, in quotation marks",
    [JSON_FAULT_COLON] = L"here must be a colon",
    [JSON_FAULT_ELEMENT] = L"here must be a comma or ]",
    [JSON_FAULT_MEMBER] = L"here must be a comma or }",
    [JSON_FAULT_MORE] = L"nothing may follow the value",
    [JSON_FAULT_QUOTE] = L"the text that begins here has no quotation mark at its end",
    [JSON_FAULT_CONTROL] = L"a control character in a text must be written as an escape, such as \\n",
    [JSON_FAULT_ESCAPE] = L"there is no such escape; a backslash itself is written \\\\",
    [JSON_FAULT_HEX] = L"four hexadecimal digits must follow \\u",
    [JSON_FAULT_DIGIT] = L"here must be a digit",
    [JSON_FAULT_ZERO] = L"a number must not begin with zeros",
    [JSON_FAULT_LARGE] = L"the number is larger than a Double can be",
    [JSON_FAULT_DEEP] = L"arrays and objects are nested more than 100 levels deep",
    [JSON_FAULT_MEMBERS] = L"the object has more than 32768 members",
    [JSON_FAULT_ENCODING] = L"the bytes are no UTF-8",
};

static HRESULT raise_fault(json_fault fault, const WCHAR *text, size_t at)
{
    LONG line, column;

    json_place(text, at, &line, &column);
    return error_raise(ERROR_ID_JSON_TEXT, line, column, faults[fault]);
}

/* ---- the values so far ---- */

static bool grow(json_values *v)
{
    size_t capacity = v->capacity ? v->capacity * 2 : 64;
    VARIANT *larger = mem_alloc(capacity * sizeof(*larger));

    if (!larger)
        return false;
    if (v->count > 0)
        memcpy(larger, v->values, v->count * sizeof(*larger));
    mem_free(v->values);
    v->values = larger;
    v->capacity = capacity;
    return true;
}

static HRESULT make_room(json_values *v)
{
    return v->count < v->capacity || grow(v) ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

/* Returns the place of one more value, which is Empty. There is room. */
static VARIANT *next_value(json_values *v)
{
    VARIANT *next = &v->values[v->count++];

    VariantInit(next);
    return next;
}

static void clear_values(json_values *v, size_t from)
{
    while (v->count > from)
        VariantClear(&v->values[--v->count]);
}

/* ---- single values ---- */

static HRESULT read_string(const json_reader *r, VARIANT *to)
{
    BSTR text = r->string_length <= UINT_MAX ? SysAllocStringLen(NULL, (UINT)r->string_length) : NULL;

    if (!text)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    json_reader_copy_string(r, text);
    V_VT(to) = VT_BSTR;
    V_BSTR(to) = text;
    return S_OK;
}

static void read_number(const number *n, VARIANT *to)
{
    switch (n->kind)
    {
    case NUMBER_LONG: V_I4(to) = n->whole; break;
    case NUMBER_DECIMAL:
        V_DECIMAL(to).scale = 0;
        V_DECIMAL(to).sign = n->is_negative ? DECIMAL_NEG : 0;
        V_DECIMAL(to).Hi32 = n->high;
        V_DECIMAL(to).Lo64 = n->low;
        break;
    default: V_R8(to) = n->real; break;
    }
    V_VT(to) = n->kind == NUMBER_LONG ? VT_I4 : n->kind == NUMBER_DECIMAL ? VT_DECIMAL : VT_R8;
}

static HRESULT read_single(json_values *v, json_token token)
{
    VARIANT *to;
    HRESULT hr = make_room(v);

    if (FAILED(hr))
        return hr;
    to = next_value(v);
    switch (token)
    {
    case JSON_TRUE:
    case JSON_FALSE:
        V_VT(to) = VT_BOOL;
        V_BOOL(to) = token == JSON_TRUE ? VARIANT_TRUE : VARIANT_FALSE;
        return S_OK;
    case JSON_NUMBER: read_number(&v->reader.number, to); return S_OK;
    case JSON_NULL: V_VT(to) = VT_NULL; return S_OK;
    default: return read_string(&v->reader, to);
    }
}

/* ---- arrays and objects ---- */

static HRESULT end_array(json_values *v, size_t begin)
{
    SAFEARRAYBOUND bound = {(ULONG)(v->count - begin), 0};
    SAFEARRAY *array = v->count - begin <= LONG_MAX ? SafeArrayCreate(VT_VARIANT, 1, &bound) : NULL;
    VARIANT *to;

    if (!array)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    if (bound.cElements > 0)
        memcpy(array->pvData, v->values + begin, bound.cElements * sizeof(VARIANT)); /* it owns them now */
    v->count = begin;
    to = next_value(v); /* there is room: for an empty array, begin_level made it */
    V_VT(to) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(to) = array;
    return S_OK;
}

static void list_names(const VARIANT *pairs, unsigned count, member_name *names)
{
    for (unsigned i = 0; i < count; i++)
    {
        names[i].text = V_BSTR(&pairs[2 * i]);
        names[i].length = SysStringLen(V_BSTR(&pairs[2 * i]));
        names[i].place = i;
    }
}

/* Clears the names that a later member has, too. */
static HRESULT clear_overruled(VARIANT *pairs, unsigned count)
{
    member_name few[16], *many = NULL, *names = few;

    if (count > ARRAYSIZE(few) / 2)
        names = many = mem_alloc(2 * (size_t)count * sizeof(*names));
    if (!names)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    list_names(pairs, count, names);
    member_names_judge(names, names + count, count);
    for (unsigned i = 0; i < count; i++)
        if (names[i].is_overruled)
            VariantClear(&pairs[2 * i]);
    mem_free(many);
    return S_OK;
}

static HRESULT end_object(json_values *v, size_t begin)
{
    ULONG count = (ULONG)((v->count - begin) / 2);
    IDispatch *object;
    VARIANT *to;
    HRESULT hr = count > 1 ? clear_overruled(v->values + begin, count) : S_OK;

    if (SUCCEEDED(hr))
        hr = dictionary_make(&v->dictionaries, v->values + begin, count, &object);
    if (FAILED(hr))
        return hr;
    clear_values(v, begin);
    to = next_value(v);
    V_VT(to) = VT_DISPATCH;
    V_DISPATCH(to) = object;
    return S_OK;
}

/* Makes sure that there is room for the array or object itself. */
static HRESULT begin_level(json_values *v)
{
    HRESULT hr = make_room(v);

    if (SUCCEEDED(hr))
        v->begins[v->reader.depth - 1] = v->count;
    return hr;
}

/* ---- the whole ---- */

static HRESULT read_token(json_values *v, json_token token)
{
    switch (token)
    {
    case JSON_BEGIN_ARRAY:
    case JSON_BEGIN_OBJECT: return begin_level(v);
    case JSON_END_ARRAY: return end_array(v, v->begins[v->reader.depth]);
    case JSON_END_OBJECT: return end_object(v, v->begins[v->reader.depth]);
    case JSON_WRONG: return raise_fault(v->reader.fault, v->reader.text, v->reader.fault_at);
    default: return read_single(v, token);
    }
}

static HRESULT read_all(json_values *v)
{
    json_token token;
    HRESULT hr = S_OK;

    while (SUCCEEDED(hr))
    {
        token = json_reader_next(&v->reader);
        if (token == JSON_END)
            return S_OK;
        hr = read_token(v, token);
    }
    return hr;
}

HRESULT json_read(const WCHAR *text, size_t length, VARIANT *out)
{
    json_values *v = mem_alloc(sizeof(*v));
    HRESULT hr;

    VariantInit(out);
    if (!v)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    json_reader_init(&v->reader, text, length);
    hr = read_all(v);
    if (SUCCEEDED(hr))
        *out = v->values[--v->count];
    clear_values(v, 0);
    dictionary_maker_fini(&v->dictionaries);
    mem_free(v->values);
    mem_free(v);
    return hr;
}

HRESULT json_read_bytes(const BYTE *data, size_t size, VARIANT *out)
{
    size_t right, length = utf8_decode(data, size, NULL, &right);
    WCHAR *text = mem_alloc((length ? length : 1) * sizeof(*text));
    HRESULT hr;

    VariantInit(out);
    if (!text)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    utf8_decode(data, right, text, &right);
    hr = right < size ? raise_fault(JSON_FAULT_ENCODING, text, length) : json_read(text, length, out);
    mem_free(text);
    return hr;
}
