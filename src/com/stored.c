/* Threads: a stored value does not change after it was made; only its reference count changes. Objects that are bound
 * to the home are registered in the Global Interface Table; in the value Nothing stands in their place. Each object has
 * a number: the objects of a value, in arrays too, are visited in the same order each time. */

#include "com/stored.h"

#include "com/error.h"
#include "com/global_table.h"
#include "deliver/thread_window.h"

#include "base/check.h"

enum
{
    DEPTH = 16 /* levels of VT_BYREF|VT_VARIANT that are followed, and of arrays in arrays */
};

typedef struct registration
{
    ULONG object; /* the number of the object */
    DWORD cookie; /* in the Global Interface Table */
} registration;

struct stored
{
    LONG references; /* Interlocked */
    VARIANT value;
    registration *registrations;
    ULONG count, capacity;
    thread_window *home; /* of an STA, if there are registrations; else NULL */
    task task;           /* frees the value at home */
};

/* ---- visiting the objects of a value ---- */

typedef struct visitor visitor;
struct visitor
{
    HRESULT (*visit)(visitor *v, IUnknown **slot, REFIID riid, ULONG number);
    stored *stored;
    ULONG number; /* of the next object */
    ULONG next;   /* for visit_to_get: the next registration */
};

static HRESULT visit_value(visitor *v, VARIANT *value, int depth);

static HRESULT visit_element(visitor *v, VARTYPE vt, void *element, int depth)
{
    if (vt == VT_VARIANT)
        return visit_value(v, element, depth + 1);
    return v->visit(v, element, vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown, v->number++);
}

static HRESULT visit_array(visitor *v, VARTYPE vt, SAFEARRAY *array, int depth)
{
    HRESULT hr = S_OK;
    size_t count = 1, i;
    USHORT dimension;

    if (!array || !array->pvData || (vt != VT_VARIANT && vt != VT_DISPATCH && vt != VT_UNKNOWN))
        return S_OK;
    for (dimension = 0; dimension < array->cDims; dimension++)
        count *= array->rgsabound[dimension].cElements;
    for (i = 0; i < count && SUCCEEDED(hr); i++)
        hr = visit_element(v, vt, (char *)array->pvData + i * array->cbElements, depth);
    return hr;
}

static HRESULT visit_value(visitor *v, VARIANT *value, int depth)
{
    HRESULT hr = S_OK;

    if (depth > DEPTH)
        return DISP_E_TYPEMISMATCH;
    if (V_ISBYREF(value)) /* in an array; VariantCopyInd of the array did not follow it */
        hr = VariantCopyInd(value, value);
    if (FAILED(hr))
        return hr;
    if (V_ISARRAY(value))
        return visit_array(v, V_VT(value) & VT_TYPEMASK, V_ARRAY(value), depth);
    if (V_VT(value) == VT_DISPATCH)
        return visit_element(v, VT_DISPATCH, &V_DISPATCH(value), depth);
    if (V_VT(value) == VT_UNKNOWN)
        return visit_element(v, VT_UNKNOWN, &V_UNKNOWN(value), depth);
    return S_OK;
}

/* ---- making ---- */

static bool is_agile(IUnknown *object)
{
    IUnknown *agile;

    if (FAILED(IUnknown_QueryInterface(object, &IID_IAgileObject, (void **)&agile)))
        return false;
    IUnknown_Release(agile);
    return true;
}

static HRESULT reserve_registration(stored *h)
{
    ULONG capacity = h->capacity ? h->capacity * 2 : 1;
    registration *larger;

    if (h->count < h->capacity)
        return S_OK;
    larger = mem_alloc(capacity * sizeof(*larger));
    if (!larger)
        return E_OUTOFMEMORY;
    if (h->count > 0)
        memcpy(larger, h->registrations, h->count * sizeof(*larger));
    mem_free(h->registrations);
    h->registrations = larger;
    h->capacity = capacity;
    return S_OK;
}

static HRESULT visit_to_register(visitor *v, IUnknown **slot, REFIID riid, ULONG number)
{
    stored *h = v->stored;
    IUnknown *object = *slot;
    HRESULT hr;

    if (!object || is_agile(object))
        return S_OK;
    hr = reserve_registration(h);
    if (FAILED(hr))
        return hr;
    hr = global_table_put(object, riid, &h->registrations[h->count].cookie);
    if (FAILED(hr))
        return hr;
    h->registrations[h->count++].object = number;
    *slot = NULL;
    IUnknown_Release(object);
    return S_OK;
}

static HRESULT find_home(stored *h)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;
    HRESULT hr = CoGetApartmentType(&type, &qualifier);

    if (FAILED(hr))
        return hr;
    if (type != APTTYPE_STA && type != APTTYPE_MAINSTA)
        return S_OK;
    h->home = thread_window_get();
    return h->home ? S_OK : E_OUTOFMEMORY;
}

static HRESULT visit_nothing(visitor *v, IUnknown **slot, REFIID riid, ULONG number)
{
    (void)v;
    (void)slot;
    (void)riid;
    (void)number;
    return S_OK;
}

/* Copies what elements refer to, before any code of the objects runs: that code may change or free it. */
static HRESULT copy_references(stored *h)
{
    visitor v = {.visit = visit_nothing};

    return visit_value(&v, &h->value, 0);
}

static HRESULT register_objects(stored *h)
{
    visitor v = {.visit = visit_to_register, .stored = h};
    HRESULT hr = visit_value(&v, &h->value, 0);

    if (SUCCEEDED(hr) && h->count > 0)
        hr = find_home(h);
    return hr;
}

/* Does VariantCopyInd, with an array locked: copying an array runs the code of its objects, which may change it. */
static HRESULT copy_locked(VARIANT *to, const VARIANT *value)
{
    SAFEARRAY *array = NULL;
    HRESULT hr;

    if (V_ISARRAY(value))
        array = !V_ISBYREF(value) ? V_ARRAY(value) : V_ARRAYREF(value) ? *V_ARRAYREF(value) : NULL;
    if (array && FAILED(SafeArrayLock(array)))
        return DISP_E_ARRAYISLOCKED;
    hr = VariantCopyInd(to, (VARIANT *)(uintptr_t)value);
    if (array)
        SafeArrayUnlock(array);
    return hr;
}

/* VariantCopyInd follows one level of VT_BYREF|VT_VARIANT only. */
static HRESULT copy_followed(VARIANT *to, const VARIANT *value)
{
    int depth = 0;

    while (V_VT(value) == (VT_BYREF | VT_VARIANT))
    {
        value = V_VARIANTREF(value);
        if (!value || ++depth > DEPTH)
            return DISP_E_TYPEMISMATCH;
    }
    return copy_locked(to, value);
}

static bool is_nothing_to_hold(const VARIANT *value)
{
    return V_VT(value) == VT_EMPTY || (V_VT(value) == VT_ERROR && V_ERROR(value) == DISP_E_PARAMNOTFOUND);
}

HRESULT stored_create(const VARIANT *value, stored **out)
{
    stored *h;
    HRESULT hr;

    *out = NULL;
    if (is_nothing_to_hold(value))
        return S_OK;
    h = mem_alloc(sizeof(*h));
    if (!h)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    h->references = 1;
    hr = copy_followed(&h->value, value);
    if (SUCCEEDED(hr))
        hr = copy_references(h);
    if (SUCCEEDED(hr))
        hr = register_objects(h);
    if (FAILED(hr) || is_nothing_to_hold(&h->value))
    {
        stored_release(h);
        return error_raise_hresult(hr);
    }
    *out = h;
    return S_OK;
}

stored *stored_hold(stored *h)
{
    if (h)
        InterlockedIncrement(&h->references);
    return h;
}

/* ---- giving a copy ---- */

static HRESULT visit_to_get(visitor *v, IUnknown **slot, REFIID riid, ULONG number)
{
    const registration *r = &v->stored->registrations[v->next];

    if (v->next == v->stored->count || r->object != number)
        return S_OK;
    v->next++;
    /* Fails if the home has ended, and on a thread without an apartment; then Nothing stays. */
    global_table_get(r->cookie, riid, (void **)slot);
    return S_OK;
}

HRESULT stored_get(stored *h, VARIANT *out)
{
    visitor v = {.visit = visit_to_get, .stored = h};
    HRESULT hr;

    VariantInit(out);
    if (!h)
        return S_OK;
    hr = VariantCopy(out, &h->value);
    if (FAILED(hr) || h->count == 0)
        return hr;
    return visit_value(&v, out, 0);
}

/* ---- the end ---- */

static void drop_all(stored *h)
{
    for (ULONG i = 0; i < h->count; i++)
        global_table_drop(h->registrations[i].cookie);
}

static void stored_free(stored *h)
{
    mem_free(h->registrations);
    mem_free(h);
}

/* At home; or, if the home has ended and its objects with it, on any thread: only the registrations are left then. */
static void end_task(task *t)
{
    stored *h = CONTAINER_OF(t, stored, task);
    thread_window *home = h->home;

    drop_all(h);
    stored_free(h);
    if (home)
        thread_window_release(home);
}

void stored_release(stored *h)
{
    if (!h || count_down(&h->references) > 0)
        return;
    h->task.run = h->task.abandon = end_task;
    VariantClear(&h->value); /* the objects that are left in it are agile */
    thread_window_run(h->home, &h->task);
}
