#include "com/json_script.h"

#include "com/error.h"
#include "json/number_text.h"
#include "json/reader.h"

/* ---- what an object is ---- */

/* Functions have these methods, and nothing that holds data has them. */
static bool is_function(const target *t)
{
    DISPID id;

    return target_find(t, L"call", &id) && target_find(t, L"apply", &id);
}

static bool value_is_function(const VARIANT *value)
{
    bool answer = false;
    target t;

    if (V_VT(value) != VT_DISPATCH || !V_DISPATCH(value))
        return false;
    if (target_open((IUnknown *)V_DISPATCH(value), &t))
        answer = t.ex && is_function(&t);
    target_close(&t);
    return answer;
}

/* Asks a method of every object of JScript about one of the members. Where the object answers something else, or not at
 * all, returns `otherwise`. */
static bool ask_about(const target *t, DISPID method, const VARIANT *name, bool otherwise)
{
    VARIANT answer;

    if (FAILED(target_call(t, method, DISPATCH_METHOD, name, &answer)))
        return otherwise;
    if (V_VT(&answer) == VT_BOOL)
        otherwise = V_BOOL(&answer) != VARIANT_FALSE;
    VariantClear(&answer);
    return otherwise;
}

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
    answer = ask_about(t, id, &text, false);
    VariantClear(&text);
    return answer;
}

/* Gives the length of an array. S_FALSE: it is none. What is not JScript's may have a Length that means something else:
 * then it must have the first element. */
static HRESULT length_of(const target *t, double *length)
{
    VARIANT value;
    DISPID id, other;
    HRESULT hr;

    if (!target_find(t, L"length", &id) || is_enumerable(t, L"length"))
        return S_FALSE;
    hr = target_call(t, id, DISPATCH_PROPERTYGET, NULL, &value);
    if (FAILED(hr))
        return target_lacks(hr) ? S_FALSE : hr;
    hr = VariantChangeType(&value, &value, 0, VT_R8);
    *length = SUCCEEDED(hr) ? V_R8(&value) : 0;
    VariantClear(&value);
    if (FAILED(hr) || !(*length >= 0) || *length > 4294967295.0)
        return S_FALSE;
    return *length == 0 || target_find(t, L"hasOwnProperty", &other) || target_find(t, L"0", &other) ? S_OK : S_FALSE;
}

/* ---- arrays ---- */

static HRESULT list_next(json_source *s, json_item *out)
{
    WCHAR index[NUMBER_TEXT + 1];
    json_list *l = &s->list;
    DISPID id;

    VariantClear(&l->value);
    if (l->at >= l->count)
        return S_FALSE;
    index[number_text_of_unsigned((uint64_t)l->at, index)] = 0;
    l->at++;
    out->name = NULL;
    out->value = &l->value;
    if (!target_find(&l->target, index, &id)) /* an element that was left out */
        return S_OK;
    return target_call(&l->target, id, DISPATCH_PROPERTYGET, NULL, &l->value);
}

static void list_close(json_source *s)
{
    VariantClear(&s->list.value);
    target_close(&s->list.target);
}

static const json_source_kind list_kind = {.is_asked = true, .next = list_next, .close = list_close};

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

    if (m->is_own != DISPID_UNKNOWN && !ask_about(&m->target, m->is_own, &m->name, true))
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

static HRESULT open_as_value(target *t, json_source *out)
{
    DISPID id;

    if (is_function(t))
    {
        V_VT(&out->kept) = VT_NULL;
        return S_OK;
    }
    if (!target_find(t, L"getVarDate", &id))
        return S_FALSE;
    return target_call(t, id, DISPATCH_METHOD, NULL, &out->kept);
}

static HRESULT open_as_list(target *t, json_source *out)
{
    json_list *l = &out->list;
    double length;
    HRESULT hr = length_of(t, &length);

    if (hr != S_OK)
        return hr;
    memset(l, 0, sizeof(*l));
    l->target = *t;
    l->count = length;
    out->kind = &list_kind;
    memset(t, 0, sizeof(*t));
    return S_OK;
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
