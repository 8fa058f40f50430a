#include "com/bytes.h"

#include "com/byte_items.h"
#include "com/byte_number.h"
#include "com/error.h"
#include "com/plain_value.h"

/* ---- arrays ---- */

/* Returns the index of an element, for an error's sentence. It wraps around if the upper bound is no LONG. */
static LONG index_of(const SAFEARRAYBOUND *bound, ULONG place)
{
    return (LONG)((ULONG)bound->lLbound + place);
}

static HRESULT convert_elements(const SAFEARRAY *array, VARTYPE vt, BYTE *to)
{
    const SAFEARRAYBOUND *bound = &array->rgsabound[0];
    const char *from = array->pvData;
    LONG number;
    ULONG i;

    for (i = 0; i < bound->cElements; i++, from += array->cbElements)
    {
        bool whole = vt == VT_VARIANT ? byte_number_of((const VARIANT *)(const void *)from, &number)
                                      : byte_number_read(vt, from, &number);

        if (!whole)
            return error_raise(ERROR_ID_WRONG_ELEMENT_TYPE, index_of(bound, i));
        if (number < 0 || number > 255)
            return error_raise(ERROR_ID_WRONG_ELEMENT, index_of(bound, i), number);
        to[i] = (BYTE)number;
    }
    return S_OK;
}

static HRESULT copy_elements(SAFEARRAY *array, VARTYPE vt, byte_view *out)
{
    BYTE *copy = mem_alloc(array->rgsabound[0].cElements);
    HRESULT hr;

    if (!copy)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    hr = SafeArrayLock(array);
    if (FAILED(hr))
    {
        mem_free(copy);
        return error_raise(ERROR_ID_ARRAY_IN_USE);
    }
    hr = convert_elements(array, vt, copy);
    SafeArrayUnlock(array);
    if (FAILED(hr))
    {
        mem_free(copy);
        return hr;
    }
    out->data = out->copy = copy;
    out->size = array->rgsabound[0].cElements;
    return S_OK;
}

static HRESULT view_elements(SAFEARRAY *array, byte_view *out)
{
    if (FAILED(SafeArrayLock(array)))
        return error_raise(ERROR_ID_ARRAY_IN_USE);
    out->locked = array;
    out->data = array->pvData;
    out->size = array->rgsabound[0].cElements;
    return S_OK;
}

static HRESULT from_array(SAFEARRAY *array, VARTYPE vt, byte_view *out)
{
    UINT element_size = vt == VT_VARIANT ? (UINT)sizeof(VARIANT) : byte_number_size(vt);

    if (!array)
        return S_OK;
    if (array->cDims != 1)
        return error_raise(ERROR_ID_DIMENSIONS, (LONG)array->cDims);
    if (array->rgsabound[0].cElements == 0 || !array->pvData) /* NULL: a descriptor alone, not initialized */
        return S_OK;
    if (element_size == 0 || array->cbElements != element_size)
        return error_raise(ERROR_ID_WRONG_DATA);
    return vt == VT_UI1 ? view_elements(array, out) : copy_elements(array, vt, out);
}

static HRESULT from_string(BSTR text, byte_view *out)
{
    out->data = text;
    out->size = SysStringByteLen(text);
    out->is_utf16 = true;
    return S_OK;
}

static HRESULT from_object(IUnknown *object, byte_view *out)
{
    BYTE *data;
    HRESULT hr = byte_items_read(object, &data, &out->size);

    if (SUCCEEDED(hr))
        out->data = out->copy = data;
    return hr;
}

bool bytes_come_from_object(const VARIANT *value)
{
    VARIANT plain;

    return plain_value(value, &plain) && plain_value_is_object(&plain);
}

HRESULT bytes_from_variant(const VARIANT *value, byte_view *out)
{
    static const byte_view nothing = {0};
    VARIANT plain;

    *out = nothing;
    if (!plain_value(value, &plain))
        return error_raise(ERROR_ID_WRONG_DATA);
    if (V_VT(&plain) == VT_EMPTY)
        return S_OK;
    if (V_VT(&plain) == VT_BSTR)
        return from_string(V_BSTR(&plain), out);
    if (V_ISARRAY(&plain))
        return from_array(V_ARRAY(&plain), V_VT(&plain) & VT_TYPEMASK, out);
    return plain_value_is_object(&plain) ? from_object(V_UNKNOWN(&plain), out) : error_raise(ERROR_ID_WRONG_DATA);
}

void bytes_free(byte_view *b)
{
    static const byte_view nothing = {0};

    if (b->locked)
        SafeArrayUnlock(b->locked);
    mem_free(b->copy);
    *b = nothing;
}

HRESULT bytes_pack(byte_view *b, framing of, payload **out)
{
    bool tears = b->is_utf16 && b->size && of == FRAMING_LINES;

    *out = tears ? NULL : payload_create_frame(of, b->data, b->size);
    bytes_free(b);
    if (*out)
        return S_OK;
    return error_raise(tears ? ERROR_ID_UTF16_IN_LINES : ERROR_ID_OUT_OF_MEMORY);
}

HRESULT bytes_message_create(const VARIANT *value, framing of, payload **out)
{
    byte_view data;
    HRESULT hr = bytes_from_variant(value, &data);

    *out = NULL;
    if (SUCCEEDED(hr) && data.size)
        return bytes_pack(&data, of, out);
    bytes_free(&data);
    return hr;
}

SAFEARRAY *bytes_to_array(const void *data, DWORD size)
{
    SAFEARRAYBOUND bound = {size, 0};
    SAFEARRAY *array = SafeArrayCreate(VT_UI1, 1, &bound);

    if (array && size > 0)
        memcpy(array->pvData, data, size);
    return array;
}

HRESULT bytes_to_variants(const void *data, DWORD size, VARIANT *out)
{
    SAFEARRAYBOUND bound = {size, 0};
    const BYTE *from = data;
    SAFEARRAY *array;
    VARIANT *to;
    DWORD i;

    V_VT(out) = VT_EMPTY;
    array = SafeArrayCreate(VT_VARIANT, 1, &bound);
    if (!array)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    to = array->pvData;
    for (i = 0; i < size; i++)
    {
        V_VT(&to[i]) = VT_UI1;
        V_UI1(&to[i]) = from[i];
    }
    V_VT(out) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(out) = array;
    return S_OK;
}
