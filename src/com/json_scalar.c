#include "com/json_scalar.h"

#include "com/error.h"
#include "json/date_text.h"
#include "json/number_text.h"
#include "json/string_text.h"

#define APPEND_LITERAL(b, literal) text_builder_append(b, literal, ARRAYSIZE(literal) - 1)

static unsigned write_currency(CY value, WCHAR *to)
{
    bool is_negative = value.int64 < 0;

    return number_text_of_scaled(0, is_negative ? 0 - (uint64_t)value.int64 : (uint64_t)value.int64, 4, is_negative,
                                 to);
}

static unsigned write_decimal(const DECIMAL *value, WCHAR *to)
{
    unsigned scale = value->scale <= 28 ? value->scale : 28;

    return number_text_of_scaled(value->Hi32, value->Lo64, scale, (value->sign & DECIMAL_NEG) != 0, to);
}

/* Writes a number, and returns its length; 0: it is no number, or infinite. */
static unsigned write_number(const VARIANT *value, WCHAR *to)
{
    switch (V_VT(value))
    {
    case VT_UI1: return number_text_of_unsigned(V_UI1(value), to);
    case VT_UI2: return number_text_of_unsigned(V_UI2(value), to);
    case VT_UI4:
    case VT_UINT: return number_text_of_unsigned(V_UI4(value), to);
    case VT_UI8: return number_text_of_unsigned(V_UI8(value), to);
    case VT_I1: return number_text_of_integer(V_I1(value), to);
    case VT_I2: return number_text_of_integer(V_I2(value), to);
    case VT_I4:
    case VT_INT: return number_text_of_integer(V_I4(value), to);
    case VT_I8: return number_text_of_integer(V_I8(value), to);
    case VT_R4: return number_text_of_single(V_R4(value), to);
    case VT_R8: return number_text_of_double(V_R8(value), to);
    case VT_CY: return write_currency(V_CY(value), to);
    case VT_DECIMAL: return write_decimal(&V_DECIMAL(value), to);
    default: return 0;
    }
}

static HRESULT append_number(text_builder *b, const VARIANT *value)
{
    WCHAR text[NUMBER_TEXT];
    unsigned length = write_number(value, text);

    if (!length)
        return error_raise(ERROR_ID_JSON_NO_NUMBER);
    text_builder_append(b, text, length);
    return S_OK;
}

static HRESULT append_date(text_builder *b, DATE date)
{
    WCHAR text[DATE_TEXT];
    unsigned length = date_text_of(date, text);

    if (!length)
        return error_raise(ERROR_ID_JSON_NO_DATE);
    string_append(b, text, length);
    return S_OK;
}

HRESULT json_scalar_append(text_builder *b, const VARIANT *value)
{
    switch (V_VT(value))
    {
    case VT_EMPTY:
    case VT_NULL:
    case VT_ERROR: APPEND_LITERAL(b, L"null"); return S_OK;
    case VT_DISPATCH:
    case VT_UNKNOWN:
        if (V_UNKNOWN(value))
            return error_raise(ERROR_ID_JSON_OBJECT);
        APPEND_LITERAL(b, L"null");
        return S_OK;
    case VT_BOOL:
        if (V_BOOL(value))
            APPEND_LITERAL(b, L"true");
        else
            APPEND_LITERAL(b, L"false");
        return S_OK;
    case VT_BSTR: string_append(b, V_BSTR(value), SysStringLen(V_BSTR(value))); return S_OK;
    case VT_DATE: return append_date(b, V_DATE(value));
    case VT_UI1:
    case VT_UI2:
    case VT_UI4:
    case VT_UINT:
    case VT_UI8:
    case VT_I1:
    case VT_I2:
    case VT_I4:
    case VT_INT:
    case VT_I8:
    case VT_R4:
    case VT_R8:
    case VT_CY:
    case VT_DECIMAL: return append_number(b, value);
    default: return error_raise(ERROR_ID_NO_JSON);
    }
}

HRESULT json_name_append(text_builder *b, const VARIANT *name)
{
    HRESULT hr;

    switch (V_VT(name))
    {
    case VT_EMPTY: string_append(b, NULL, 0); return S_OK;
    case VT_BSTR:
    case VT_DATE: return json_scalar_append(b, name); /* has quotation marks */
    case VT_NULL:
    case VT_ERROR:
    case VT_DISPATCH:
    case VT_UNKNOWN: return error_raise(ERROR_ID_JSON_KEY);
    default: break;
    }
    if (V_ISARRAY(name))
        return error_raise(ERROR_ID_JSON_KEY);
    text_builder_add(b, '"');
    hr = json_scalar_append(b, name);
    text_builder_add(b, '"');
    return hr;
}
