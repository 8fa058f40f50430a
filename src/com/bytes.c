#include "com/bytes.h"

#include "com/error.h"

enum
{
    DEPTH = 16 /* levels of VT_BYREF|VT_VARIANT that are followed; there is a limit since a value may refer to itself */
};

/* Follows VT_BYREF|VT_VARIANT. NULL: a reference is NULL, or there are more than DEPTH. */
static const VARIANT *follow(const VARIANT *value)
{
    int depth = 0;

    while (value && V_VT(value) == (VT_BYREF | VT_VARIANT))
    {
        if (++depth > DEPTH)
            return NULL;
        value = V_VARIANTREF(value);
    }
    return value;
}

/* ---- elements ---- */

/* Reads the integer of type `vt` at `data`. False: `vt` is another type. A large number becomes -1, which is out of
 * range, too. */
static bool read_integer(VARTYPE vt, const void *data, LONG *out)
{
    ULONGLONG large;

    switch (vt)
    {
    case VT_UI1: *out = *(const BYTE *)data; return true;
    case VT_I1: *out = *(const signed char *)data; return true;
    case VT_I2: *out = *(const SHORT *)data; return true;
    case VT_UI2: *out = *(const USHORT *)data; return true;
    case VT_I4:
    case VT_INT: *out = *(const LONG *)data; return true;
    case VT_UI4:
    case VT_UINT: large = *(const ULONG *)data; break;
    case VT_I8:
    case VT_UI8: large = *(const ULONGLONG *)data; break;
    default: return false;
    }
    *out = large > 255 ? -1 : (LONG)large;
    return true;
}

static bool read_whole(double number, LONG *out)
{
    if (!(number >= -2147483648.0 && number <= 2147483647.0) || number != (double)(LONG)number)
        return false;
    *out = (LONG)number;
    return true;
}

/* Reads the number of an element of type `vt`. Basic and PowerShell calculate with Single and Double. */
static bool read_number(VARTYPE vt, const void *data, LONG *out)
{
    if (vt == VT_R4)
        return read_whole(*(const float *)data, out);
    if (vt == VT_R8)
        return read_whole(*(const double *)data, out);
    return read_integer(vt, data, out);
}

static UINT number_size(VARTYPE vt)
{
    switch (vt)
    {
    case VT_UI1:
    case VT_I1: return 1;
    case VT_I2:
    case VT_UI2: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4: return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8: return 8;
    default: return 0;
    }
}

/* A Decimal has more digits than a Double, which would round a fraction away. */
static bool is_whole(DECIMAL *number)
{
    DECIMAL whole;

    return SUCCEEDED(VarDecFix(number, &whole)) && VarDecCmp(number, &whole) == (HRESULT)VARCMP_EQ;
}

/* Reads a Currency or a Decimal: scripts calculate with them, too. */
static bool read_exact_number(const VARIANT *value, LONG *out)
{
    VARTYPE vt = (VARTYPE)(V_VT(value) & ~VT_BYREF);
    VARIANT number;

    if (vt != VT_CY && vt != VT_DECIMAL)
        return false;
    VariantInit(&number);
    return SUCCEEDED(VariantCopyInd(&number, (VARIANT *)(uintptr_t)value)) &&
           (vt == VT_CY || is_whole(&V_DECIMAL(&number))) && SUCCEEDED(VariantChangeType(&number, &number, 0, VT_R8)) &&
           read_whole(V_R8(&number), out);
}

static bool read_variant(const VARIANT *value, LONG *out)
{
    value = follow(value);
    if (!value)
        return false;
    if (!V_ISBYREF(value))
        return read_number(V_VT(value), &V_UI1(value), out) || read_exact_number(value, out);
    if (!V_BYREF(value))
        return false;
    return read_number((VARTYPE)(V_VT(value) & ~VT_BYREF), V_BYREF(value), out) || read_exact_number(value, out);
}

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
        bool whole = vt == VT_VARIANT ? read_variant((const VARIANT *)(const void *)from, &number)
                                      : read_number(vt, from, &number);

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
    UINT element_size = vt == VT_VARIANT ? (UINT)sizeof(VARIANT) : number_size(vt);

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

HRESULT bytes_from_variant(const VARIANT *value, byte_view *out)
{
    static const byte_view nothing = {0};
    VARTYPE vt;

    *out = nothing;
    value = follow(value);
    if (!value)
        return error_raise(ERROR_ID_WRONG_DATA);
    vt = V_VT(value);
    if (vt == VT_EMPTY)
        return S_OK;
    if (V_ISBYREF(value) && !V_BYREF(value))
        return error_raise(ERROR_ID_WRONG_DATA);
    if (vt == VT_BSTR)
        return from_string(V_BSTR(value), out);
    if (vt == (VT_BYREF | VT_BSTR))
        return from_string(*V_BSTRREF(value), out);
    if (vt & VT_ARRAY)
        return from_array(V_ISBYREF(value) ? *V_ARRAYREF(value) : V_ARRAY(value), vt & VT_TYPEMASK, out);
    return error_raise(ERROR_ID_WRONG_DATA);
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
    bool tears = b->is_utf16 && of == FRAMING_LINES;

    *out = tears ? NULL : payload_create_frame(of, b->data, b->size);
    bytes_free(b);
    if (*out)
        return S_OK;
    return error_raise(tears ? ERROR_ID_UTF16_IN_LINES : ERROR_ID_OUT_OF_MEMORY);
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
