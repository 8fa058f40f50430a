#include "com/json_dictionary.h"

#include "com/error.h"
#include "com/plain_value.h"
#include "json/reader.h"

/* ---- the keys ---- */

/* Moves the keys of an enumerator into `keys`, which has room for one more than an object may have. */
static HRESULT take_keys(IEnumVARIANT *enumerator, VARIANT *keys, ULONG *count)
{
    HRESULT hr = S_OK;
    ULONG fetched;

    for (*count = 0; *count <= JSON_MEMBERS; ++*count)
    {
        hr = IEnumVARIANT_Next(enumerator, 1, &keys[*count], &fetched);
        if (hr != S_OK)
            break;
    }
    return FAILED(hr) ? error_raise_hresult(hr) : S_OK;
}

/* Makes an array of what an enumerator gives. */
static HRESULT collect_keys(IEnumVARIANT *enumerator, SAFEARRAY **out)
{
    SAFEARRAYBOUND bound = {JSON_MEMBERS + 1, 0};
    HRESULT hr;

    *out = SafeArrayCreate(VT_VARIANT, 1, &bound);
    if (!*out)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    hr = take_keys(enumerator, (*out)->pvData, &bound.cElements);
    if (SUCCEEDED(hr) && bound.cElements <= JSON_MEMBERS)
        hr = error_raise_hresult(SafeArrayRedim(*out, &bound));
    if (SUCCEEDED(hr))
        return S_OK;
    SafeArrayDestroy(*out);
    *out = NULL;
    return hr;
}

static HRESULT enumerate_keys(const VARIANT *keys, SAFEARRAY **out)
{
    IEnumVARIANT *enumerator;
    HRESULT hr = S_FALSE;
    target t;

    enumerator = target_open(V_UNKNOWN(keys), &t) ? target_enumerate(&t) : NULL;
    if (enumerator)
    {
        hr = collect_keys(enumerator, out);
        IEnumVARIANT_Release(enumerator);
    }
    target_close(&t);
    return hr;
}

static bool is_list(const VARIANT *value)
{
    const SAFEARRAY *array = V_ARRAY(value);

    return V_ISARRAY(value) && !V_ISBYREF(value) && array && array->cDims == 1 &&
           array->cbElements == plain_value_size(V_VT(value) & VT_TYPEMASK);
}

/* Gives the array in the value, which loses it, or one of what its enumerator gives. S_FALSE: it is neither. */
static HRESULT keys_of(VARIANT *keys, SAFEARRAY **out, VARTYPE *vt)
{
    *vt = VT_VARIANT;
    if (is_list(keys))
    {
        *vt = V_VT(keys) & VT_TYPEMASK;
        *out = V_ARRAY(keys);
        V_VT(keys) = VT_EMPTY;
        return S_OK;
    }
    if (plain_value_is_object(keys))
        return enumerate_keys(keys, out);
    return S_FALSE;
}

/* Finds Keys and Item, and calls Keys. S_FALSE: the object is no dictionary. */
static HRESULT get_keys(const target *t, json_members *m)
{
    DISPID keys;
    VARIANT value;
    HRESULT hr;

    if (!target_find(t, L"Keys", &keys) || !target_find(t, L"Item", &m->item))
        return S_FALSE;
    hr = target_call(t, keys, DISPATCH_METHOD | DISPATCH_PROPERTYGET, NULL, &value);
    if (FAILED(hr))
        return target_lacks(hr) ? S_FALSE : hr;
    hr = keys_of(&value, &m->keys, &m->key_type);
    VariantClear(&value);
    return hr;
}

/* ---- the source ---- */

static HRESULT dictionary_next(json_source *s, json_item *out)
{
    json_members *m = &s->members;
    VARIANT key;

    VariantClear(&m->value);
    if (m->count == m->keys->rgsabound[0].cElements)
        return S_FALSE;
    V_VT(&key) = (VARTYPE)(VT_BYREF | m->key_type);
    V_BYREF(&key) = (char *)m->keys->pvData + (size_t)m->count * m->keys->cbElements;
    m->count++;
    if (!plain_value(&key, &m->name))
        return error_raise(ERROR_ID_JSON_KEY);
    out->name = &m->name; /* the array owns what is in it */
    out->value = &m->value;
    return target_call(&m->target, m->item, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &m->name, &m->value);
}

static void dictionary_close(json_source *s)
{
    VariantClear(&s->members.value);
    SafeArrayDestroy(s->members.keys);
    target_close(&s->members.target);
}

static const json_source_kind dictionary_kind = {
    .is_object = true,
    .next = dictionary_next,
    .close = dictionary_close,
};

HRESULT json_dictionary_open(target *t, json_source *out)
{
    json_members *m = &out->members;
    HRESULT hr;

    memset(m, 0, sizeof(*m));
    hr = get_keys(t, m);
    if (hr != S_OK)
        return hr;
    if (m->keys->rgsabound[0].cElements > JSON_MEMBERS)
    {
        SafeArrayDestroy(m->keys);
        return error_raise(ERROR_ID_JSON_MEMBERS, (LONG)JSON_MEMBERS);
    }
    m->target = *t;
    memset(t, 0, sizeof(*t));
    out->kind = &dictionary_kind;
    return S_OK;
}
