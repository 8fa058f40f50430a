#include "com/conversion.h"

#include "com/bytes.h"
#include "com/error.h"
#include "com/text.h"

HRESULT conversion_bytes_to_text(const VARIANT *value, LONG code_page, BSTR *text)
{
    byte_view data;
    HRESULT hr;

    if (!text)
        return error_raise(ERROR_ID_NULL_POINTER);
    *text = NULL;
    hr = bytes_from_variant(value, &data);
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
    hr = bytes_from_variant(value, &data);
    if (FAILED(hr))
        return hr;
    hr = bytes_to_variants(data.data, data.size, elements);
    bytes_free(&data);
    return hr;
}
