#include "com/json_script.h"

#include "com/error.h"
#include "json/reader.h"

/* ---- what an object is ---- */

static bool value_is_function(const VARIANT *value)
{
    bool answer = false;
    target t;

    if (V_VT(value) != VT_DISPATCH || !V_DISPATCH(value))
        return false;
    if (target_open((IUnknown *)V_DISPATCH(value), &t))
        answer = target_is_function(&t);
    target_close(&t);
    return answer;
}

/* ---- objects ---- */

/* Moves to the next member. S_FALSE: there are no more. */
static HRESULT next_name(json_members *m)
{
    IDispatchEx *ex = m->target.ex;
    HRESULT hr;

    VariantClear(&m->name);
    hr = IDispatchEx_GetNextDispID(ex, fdexEnumDefault, m->last, &m->last);
    if (hr != S_OK)
        return FAILED(hr) ? error_raise_hresult(hr) : hr;
    hr = IDispatchEx_GetMemberName(ex, m->last, &V_BSTR(&m->name));
    if (FAILED(hr))
        return error_raise_hresult(hr);
    V_VT(&m->name) = VT_BSTR;
    return S_OK;
}

/* Reads the member at which the object is. S_FALSE: it is none that is written: a function, one of a prototype, one
 * that has gone meanwhile. */
static HRESULT read_member(json_members *m)
{
    HRESULT hr;

    if (m->is_own != DISPID_UNKNOWN && !target_ask(&m->target, m->is_own, &m->name, true))
        return S_FALSE;
    hr = target_call(&m->target, m->last, DISPATCH_PROPERTYGET, NULL, &m->value);
    if (FAILED(hr))
        return target_lacks(hr) ? S_FALSE : hr;
    if (!value_is_function(&m->value))
        return S_OK;
    VariantClear(&m->value);
    return S_FALSE;
}

static HRESULT members_next(json_source *s, json_item *out)
{
    json_members *m = &s->members;
    HRESULT hr;

    VariantClear(&m->value);
    do
    {
        hr = next_name(m);
        if (hr != S_OK)
            return hr;
        if (m->count++ == JSON_MEMBERS)
            return error_raise(ERROR_ID_JSON_MEMBERS, (LONG)JSON_MEMBERS);
        hr = read_member(m);
    } while (hr == S_FALSE);
    out->name = &m->name;
    out->value = &m->value;
    return hr;
}

static void members_close(json_source *s)
{
    VariantClear(&s->members.name);
    VariantClear(&s->members.value);
    target_close(&s->members.target);
}

static const json_source_kind members_kind = {.is_object = true, .next = members_next, .close = members_close};

/* ---- opening ---- */

/* A date that cannot be read, under Wine, must not become an object without members. */
static HRESULT refuse_date(const target *t)
{
    DISPID id;

    return target_find(t, L"getUTCFullYear", &id) ? error_raise(ERROR_ID_JSON_OBJECT) : S_FALSE;
}

static HRESULT open_as_value(target *t, json_source *out)
{
    DISPID id;

    if (target_is_function(t))
    {
        V_VT(&out->kept) = VT_NULL;
        return S_OK;
    }
    if (!target_find(t, L"getVarDate", &id))
        return refuse_date(t);
    return target_call(t, id, DISPATCH_METHOD, NULL, &out->kept);
}

static HRESULT open_as_list(target *t, json_source *out)
{
    HRESULT hr = item_list_open_script(t, &out->list);

    if (hr == S_OK)
        out->kind = &json_list_kind;
    return hr;
}

static HRESULT open_as_members(target *t, json_source *out)
{
    json_members *m = &out->members;
    DISPID first;

    if (FAILED(IDispatchEx_GetNextDispID(t->ex, fdexEnumDefault, DISPID_STARTENUM, &first)))
        return S_FALSE;
    memset(m, 0, sizeof(*m));
    m->target = *t;
    m->last = DISPID_STARTENUM;
    if (!target_find(t, L"hasOwnProperty", &m->is_own))
        m->is_own = DISPID_UNKNOWN;
    out->kind = &members_kind;
    memset(t, 0, sizeof(*t));
    return S_OK;
}

HRESULT json_script_open(target *t, json_source *out)
{
    HRESULT hr;

    if (!t->ex)
        return S_FALSE;
    hr = open_as_value(t, out);
    if (hr == S_FALSE)
        hr = open_as_list(t, out);
    return hr == S_FALSE ? open_as_members(t, out) : hr;
}
