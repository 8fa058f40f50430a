#include "com/json_object.h"

#include "com/error.h"
#include "com/json_dictionary.h"
#include "com/json_script.h"

/* ---- the default property ---- */

static bool is_object(const VARIANT *value)
{
    return (V_VT(value) & VT_TYPEMASK) == VT_DISPATCH || (V_VT(value) & VT_TYPEMASK) == VT_UNKNOWN;
}

/* Every object of .NET has ToString as its default: a text about the object, not its value. */
static bool has_value(const target *t)
{
    DISPID id;

    return !target_find(t, L"ToString", &id) || id != DISPID_VALUE;
}

/* Reads the default property. S_FALSE: there is none, or it gives an object. A failure sets its sentence. */
static HRESULT open_as_value(const target *t, json_source *out)
{
    HRESULT hr;

    if (!has_value(t))
        return S_FALSE;
    hr = target_call(t, DISPID_VALUE, DISPATCH_PROPERTYGET, NULL, &out->kept);
    if (FAILED(hr))
        return target_lacks(hr) ? S_FALSE : hr;
    if (!is_object(&out->kept) || V_ISARRAY(&out->kept))
        return S_OK;
    VariantClear(&out->kept);
    return S_FALSE;
}

/* ---- the enumerator ---- */

static HRESULT open_as_enumerable(const target *t, json_source *out)
{
    HRESULT hr = item_list_open_enumerator(t, &out->list);

    if (hr == S_OK)
        out->kind = &json_list_kind;
    return hr;
}

/* ---- opening ---- */

/* Opens the enumerator of an object whose default property gave `failure`, or S_FALSE. A failure stands only if there
 * is no enumerator: a collection's Item may fail in its own way without an index. */
static HRESULT open_without_value(const target *t, HRESULT failure, json_source *out)
{
    IErrorInfo *sentence = error_take();
    HRESULT hr = open_as_enumerable(t, out);

    error_put_back(sentence);
    if (hr != S_FALSE)
        return hr;
    return FAILED(failure) ? failure : error_raise(ERROR_ID_JSON_OBJECT);
}

static HRESULT open_as_any(target *t, json_source *out)
{
    HRESULT hr = json_dictionary_open(t, out);

    if (hr == S_FALSE)
        hr = json_script_open(t, out);
    if (hr != S_FALSE)
        return hr;
    hr = open_as_value(t, out);
    return hr == S_OK ? S_OK : open_without_value(t, hr, out);
}

HRESULT json_object_open(IUnknown *object, json_source *out)
{
    IErrorInfo *sentence;
    HRESULT hr;
    target t;

    out->kind = NULL;
    VariantInit(&out->kept);
    IUnknown_AddRef(object); /* its own code may release it */
    hr = target_open(object, &t) ? open_as_any(&t, out) : error_raise(ERROR_ID_JSON_OBJECT);
    sentence = error_take();
    target_close(&t);
    IUnknown_Release(object);
    error_put_back(sentence);
    return hr;
}
