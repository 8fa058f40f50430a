#include "com/plain_value.h"

#include "com/error.h"

enum
{
    DEPTH = 16 /* levels of VT_BYREF|VT_VARIANT that are followed; there is a limit since a value may refer to itself */
};

size_t plain_value_size(VARTYPE vt)
{
    if (vt & VT_ARRAY)
        return sizeof(SAFEARRAY *);
    switch (vt)
    {
    case VT_I1:
    case VT_UI1: return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_ERROR: return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE: return 8;
    case VT_BSTR:
    case VT_DISPATCH:
    case VT_UNKNOWN: return sizeof(void *);
    case VT_DECIMAL: return sizeof(DECIMAL);
    case VT_VARIANT: return sizeof(VARIANT);
    default: return 0;
    }
}

static bool read_reference(VARTYPE vt, const void *data, VARIANT *out)
{
    size_t size = plain_value_size(vt);

    if (!data || size == 0)
        return false;
    if (vt == VT_DECIMAL)
        V_DECIMAL(out) = *(const DECIMAL *)data; /* its first field lies where the type is */
    else
        memcpy(&V_UI1(out), data, size);
    V_VT(out) = vt;
    return true;
}

bool plain_value(const VARIANT *value, VARIANT *out)
{
    int depth = 0;

    VariantInit(out);
    while (value && V_VT(value) == (VT_BYREF | VT_VARIANT) && ++depth <= DEPTH)
        value = V_VARIANTREF(value);
    if (!value || depth > DEPTH)
        return false;
    if (V_ISBYREF(value))
        return read_reference((VARTYPE)(V_VT(value) & ~VT_BYREF), V_BYREF(value), out);
    *out = *value;
    return true;
}

bool plain_value_is_object(const VARIANT *plain)
{
    return (V_VT(plain) == VT_DISPATCH || V_VT(plain) == VT_UNKNOWN) && V_UNKNOWN(plain);
}

static HRESULT hold_string(held_value *out)
{
    BSTR text = V_BSTR(&out->value);

    V_BSTR(&out->value) = SysAllocStringLen(text, SysStringLen(text));
    return V_BSTR(&out->value) ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT hold_array(held_value *out)
{
    SAFEARRAY *array = V_ARRAY(&out->value);

    if (!array)
        return S_OK;
    if (FAILED(SafeArrayLock(array)))
        return error_raise(ERROR_ID_ARRAY_IN_USE);
    out->locked = array;
    return S_OK;
}

/* Whether the copy may be cleared later. That of another type, a record, shares what the consumer will free. */
static bool can_be_held(VARTYPE vt)
{
    return vt == VT_EMPTY || vt == VT_NULL || plain_value_size(vt);
}

HRESULT held_value_take(const VARIANT *value, held_value *out)
{
    out->locked = NULL;
    if (!plain_value(value, &out->value))
        return error_raise(ERROR_ID_NO_JSON);
    if (!can_be_held(V_VT(&out->value)))
    {
        VariantInit(&out->value);
        return error_raise(ERROR_ID_NO_JSON);
    }
    if (V_ISARRAY(&out->value))
        return hold_array(out);
    if (V_VT(&out->value) == VT_BSTR)
        return hold_string(out);
    if (plain_value_is_object(&out->value))
        IUnknown_AddRef(V_UNKNOWN(&out->value));
    return S_OK;
}

void held_value_release(held_value *h)
{
    IErrorInfo *sentence = error_take();

    if (h->locked)
        SafeArrayUnlock(h->locked);
    else if (!V_ISARRAY(&h->value))
        VariantClear(&h->value);
    error_put_back(sentence);
    h->locked = NULL;
    VariantInit(&h->value);
}
