#include "com/collection.h"

#include "com/enum_variant.h"
#include "com/error.h"

bool collection_init(collection *c, LONG count)
{
    c->items = mem_alloc((size_t)count * sizeof(*c->items) + 1);
    c->count = c->items ? count : 0;
    return c->items != NULL;
}

void collection_fini(collection *c)
{
    for (LONG i = 0; i < c->count; i++)
        VariantClear(&c->items[i]);
    mem_free(c->items);
}

HRESULT collection_get_item(const collection *c, LONG index, VARIANT *value)
{
    VariantInit(value);
    if (index < 1 || index > c->count)
        return error_raise(ERROR_ID_NO_ITEM, index, c->count);
    return error_raise_hresult(VariantCopy(value, &c->items[index - 1]));
}

HRESULT collection_get_count(const collection *c, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = c->count;
    return S_OK;
}

HRESULT collection_get_new_enum(const collection *c, IUnknown **value)
{
    IEnumVARIANT *made;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    hr = enum_variant_create(c->items, (ULONG)c->count, &made);
    if (FAILED(hr))
        return error_raise_hresult(hr);
    *value = (IUnknown *)made;
    return S_OK;
}
