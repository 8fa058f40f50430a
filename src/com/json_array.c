#include "com/json_array.h"

#include "com/error.h"
#include "com/plain_value.h"

static HRESULT array_next(json_source *s, json_item *out)
{
    json_array *a = &s->array;

    if (a->at == a->count)
        return S_FALSE;
    V_VT(&a->element) = (VARTYPE)(VT_BYREF | a->vt);
    V_BYREF(&a->element) = a->data + a->at * a->step;
    out->name = NULL;
    out->value = a->has_rows ? NULL : &a->element;
    a->at++;
    return S_OK;
}

static void array_close(json_source *s)
{
    if (s->array.locked)
        SafeArrayUnlock(s->array.locked);
}

static const json_source_kind array_kind = {.next = array_next, .close = array_close};

/* An array has the number of elements in each dimension, the last one first, and the elements with neighbours in the
 * first dimension side by side. */
HRESULT json_array_open(const VARIANT *value, json_source *out)
{
    SAFEARRAY *array = V_ARRAY(value);
    json_array *a = &out->array;

    memset(a, 0, sizeof(*a));
    a->vt = (VARTYPE)(V_VT(value) & VT_TYPEMASK);
    out->kind = &array_kind;
    if (!array)
        return S_OK;
    if (array->cDims > 2)
        return error_raise(ERROR_ID_JSON_DIMENSIONS, (LONG)array->cDims);
    if (!array->cbElements || array->cbElements != plain_value_size(a->vt))
        return error_raise(ERROR_ID_NO_JSON);
    if (FAILED(SafeArrayLock(array)))
        return error_raise(ERROR_ID_ARRAY_IN_USE);
    a->locked = array;
    a->data = array->pvData;
    if (!a->data) /* a descriptor alone, not initialized: no elements */
        return S_OK;
    a->count = array->rgsabound[array->cDims - 1].cElements;
    a->step = array->cbElements;
    a->has_rows = array->cDims == 2;
    a->columns = array->rgsabound[0].cElements;
    a->row_step = (size_t)a->count * a->step;
    return S_OK;
}

void json_array_open_row(const json_source *rows, json_source *out)
{
    const json_array *from = &rows->array;
    json_array *a = &out->array;

    memset(a, 0, sizeof(*a));
    out->kind = &array_kind;
    a->vt = from->vt;
    a->data = from->data + (from->at - 1) * from->step;
    a->count = from->columns;
    a->step = from->row_step;
}
