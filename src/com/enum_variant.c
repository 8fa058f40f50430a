#include "com/enum_variant.h"

#include "com/enumerator.h"

static HRESULT copy_variant(void *element, const void *item)
{
    VariantInit(element); /* the memory that Next gets need not be a VARIANT */
    return VariantCopy(element, (VARIANT *)(uintptr_t)item);
}

static void free_variant(void *value)
{
    VariantClear(value);
}

static const enumerator_kind variants_kind = {
    .iid = &IID_IEnumVARIANT,
    .item_size = sizeof(VARIANT),
    .element_size = sizeof(VARIANT),
    .copy = copy_variant,
    .free_element = free_variant,
    .free_item = free_variant,
};

HRESULT enum_variant_create(const VARIANT *values, ULONG count, IEnumVARIANT **out)
{
    enumerator_items *items = enumerator_items_create(&variants_kind, count);
    HRESULT hr = S_OK;
    ULONG i;

    *out = NULL;
    if (!items)
        return E_OUTOFMEMORY;
    for (i = 0; i < count && SUCCEEDED(hr); i++)
        hr = copy_variant(enumerator_items_at(items, i), &values[i]);
    if (SUCCEEDED(hr))
        hr = enumerator_create(items, (void **)out);
    enumerator_items_release(items);
    return hr;
}
