#include "com/item_list.h"

#include "com/error.h"
#include "json/number_text.h"

/* ---- how many items there are ---- */

/* Returns whether `name` is a member like others: {length: 5, width: 3} is no array. */
static bool is_enumerable(const target *t, const WCHAR *name)
{
    VARIANT text;
    DISPID id;
    bool answer;

    if (!target_find(t, L"propertyIsEnumerable", &id))
        return false;
    V_VT(&text) = VT_BSTR;
    V_BSTR(&text) = SysAllocString(name);
    answer = target_ask(t, id, &text, false);
    VariantClear(&text);
    return answer;
}

/* Reads the number of items. S_FALSE: the member is none that gives such a number. */
static HRESULT read_count(const target *t, DISPID id, WORD flags, double *count)
{
    VARIANT value;
    HRESULT hr = target_call(t, id, flags, NULL, &value);

    if (FAILED(hr))
        return target_lacks(hr) ? S_FALSE : hr;
    hr = VariantChangeType(&value, &value, 0, VT_R8);
    *count = SUCCEEDED(hr) ? V_R8(&value) : 0;
    VariantClear(&value);
    return SUCCEEDED(hr) && *count >= 0 && *count <= 4294967295.0 ? S_OK : S_FALSE;
}

/* What is not JScript's may have a Length that means something else: then it must have the first element. */
static HRESULT length_of(const target *t, double *length)
{
    DISPID id, other;
    HRESULT hr;

    if (!target_find(t, L"length", &id) || is_enumerable(t, L"length"))
        return S_FALSE;
    hr = read_count(t, id, DISPATCH_PROPERTYGET, length);
    if (hr != S_OK)
        return hr;
    return *length == 0 || target_find(t, L"hasOwnProperty", &other) || target_find(t, L"0", &other) ? S_OK : S_FALSE;
}

/* ---- opening ---- */

static void open_target(item_list *l, target *t, DISPID item, double count)
{
    memset(l, 0, sizeof(*l));
    l->target = *t;
    l->item = item;
    l->count = count;
    memset(t, 0, sizeof(*t));
}

HRESULT item_list_open_script(target *t, item_list *out)
{
    double length;
    HRESULT hr = t->ex ? length_of(t, &length) : S_FALSE;

    if (hr == S_OK)
        open_target(out, t, DISPID_UNKNOWN, length);
    return hr;
}

HRESULT item_list_open_enumerator(const target *t, item_list *out)
{
    IEnumVARIANT *enumerator = target_enumerate(t);

    if (!enumerator)
        return S_FALSE;
    memset(out, 0, sizeof(*out));
    out->enumerator = enumerator;
    return S_OK;
}

/* An object of a script that is like an array has members named by the index. */
HRESULT item_list_open_indexed(target *t, item_list *out)
{
    DISPID id, item;
    bool has_length = target_find(t, L"length", &id);
    double count;
    HRESULT hr;

    if (!has_length && !target_find(t, L"Count", &id))
        return S_FALSE;
    hr = read_count(t, id, t->ex ? DISPATCH_PROPERTYGET : DISPATCH_METHOD | DISPATCH_PROPERTYGET, &count);
    if (hr != S_OK)
        return hr;
    if (!target_find(t, L"Item", &item))
        item = has_length && t->ex ? DISPID_UNKNOWN : DISPID_VALUE;
    open_target(out, t, item, count);
    return S_OK;
}

/* ---- the items ---- */

static HRESULT next_of_enumerator(item_list *l)
{
    ULONG fetched = 0;
    HRESULT hr = IEnumVARIANT_Next(l->enumerator, 1, &l->value, &fetched);

    return FAILED(hr) ? error_raise_hresult(hr) : hr;
}

static HRESULT read_member(item_list *l)
{
    WCHAR index[NUMBER_TEXT + 1];
    DISPID id;

    index[number_text_of_unsigned((uint64_t)l->at, index)] = 0;
    if (!target_find(&l->target, index, &id)) /* an element that was left out */
        return S_OK;
    return target_call(&l->target, id, DISPATCH_PROPERTYGET, NULL, &l->value);
}

static HRESULT read_index(item_list *l)
{
    VARIANT index;

    V_VT(&index) = VT_I4;
    V_I4(&index) = (LONG)((ULONG)l->at + (ULONG)l->base);
    return target_call(&l->target, l->item, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &index, &l->value);
}

static HRESULT read_item(item_list *l)
{
    HRESULT hr;

    if (l->item == DISPID_UNKNOWN)
        return read_member(l);
    hr = read_index(l);
    if (SUCCEEDED(hr) || l->at > 0)
        return hr;
    l->base = 1;
    return read_index(l);
}

static HRESULT next_asked_for(item_list *l)
{
    HRESULT hr;

    if (l->at >= l->count)
        return S_FALSE;
    hr = read_item(l);
    l->at++;
    return hr;
}

HRESULT item_list_next(item_list *l, const VARIANT **out)
{
    VariantClear(&l->value);
    *out = &l->value;
    return l->enumerator ? next_of_enumerator(l) : next_asked_for(l);
}

void item_list_close(item_list *l)
{
    VariantClear(&l->value);
    if (l->enumerator)
        IEnumVARIANT_Release(l->enumerator);
    target_close(&l->target);
}
