#include "com/conversion.h"

#include "com/bytes.h"
#include "com/error.h"
#include "com/json_values.h"
#include "com/json_writer.h"
#include "com/plain_value.h"
#include "com/text.h"
#include "com/unload.h"

enum
{
    INDENT_MOST = 10 /* blanks, as in JavaScript */
};

/* The value's own code may run, release the object that was called, and have this DLL unloaded. */
static HRESULT read_bytes(const VARIANT *value, byte_view *data)
{
    HRESULT hr;

    unload_prevent();
    hr = bytes_from_variant(value, data);
    unload_permit();
    return hr;
}

HRESULT conversion_bytes_to_text(const VARIANT *value, LONG code_page, BSTR *text)
{
    byte_view data;
    HRESULT hr;

    if (!text)
        return error_raise(ERROR_ID_NULL_POINTER);
    *text = NULL;
    hr = read_bytes(value, &data);
    if (FAILED(hr))
        return hr;
    hr = text_decode(data.data, data.size, code_page, text);
    bytes_free(&data);
    return hr;
}

HRESULT conversion_text_to_bytes(BSTR text, LONG code_page, SAFEARRAY **out)
{
    byte_view data;
    HRESULT hr;

    if (!out)
        return error_raise(ERROR_ID_NULL_POINTER);
    *out = NULL;
    hr = text_encode(text, code_page, &data);
    if (SUCCEEDED(hr))
    {
        *out = bytes_to_array(data.data, data.size);
        if (!*out)
            hr = error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    bytes_free(&data);
    return hr;
}

HRESULT conversion_bytes_to_array(const VARIANT *value, VARIANT *elements)
{
    byte_view data;
    HRESULT hr;

    if (!elements)
        return error_raise(ERROR_ID_NULL_POINTER);
    VariantInit(elements);
    hr = read_bytes(value, &data);
    if (FAILED(hr))
        return hr;
    hr = bytes_to_variants(data.data, data.size, elements);
    bytes_free(&data);
    return hr;
}

HRESULT conversion_to_json(const VARIANT *value, LONG indent, BSTR *text)
{
    held_value held;
    HRESULT hr;

    if (!text)
        return error_raise(ERROR_ID_NULL_POINTER);
    *text = NULL;
    if (indent < 0 || indent > INDENT_MOST)
        return error_raise(ERROR_ID_OUT_OF_RANGE, L"Indent", indent, L"0 to 10");
    unload_prevent(); /* as in read_bytes */
    hr = held_value_take(value, &held);
    if (SUCCEEDED(hr))
        hr = json_write_text(&held.value, indent, text);
    held_value_release(&held);
    unload_permit();
    return hr;
}

HRESULT conversion_from_json(BSTR text, VARIANT *value)
{
    return value ? json_read(text, SysStringLen(text), value) : error_raise(ERROR_ID_NULL_POINTER);
}
