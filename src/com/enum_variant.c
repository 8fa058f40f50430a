#include "com/enum_variant.h"

#include "com/enumerator.h"

typedef struct enum_variant
{
    enumerator enumerator;
    IEnumVARIANT IEnumVARIANT_iface;
} enum_variant;

static HRESULT create(enumerator_items *items, ULONG position, IEnumVARIANT **out);

static enum_variant *impl_from_IEnumVARIANT(IEnumVARIANT *iface)
{
    return CONTAINER_OF(iface, enum_variant, IEnumVARIANT_iface);
}

static HRESULT STDMETHODCALLTYPE EnumVariant_QueryInterface(IEnumVARIANT *iface, REFIID riid, void **out)
{
    return object_query_interface(&impl_from_IEnumVARIANT(iface)->enumerator.object, riid, out);
}

static ULONG STDMETHODCALLTYPE EnumVariant_AddRef(IEnumVARIANT *iface)
{
    return object_add_ref(&impl_from_IEnumVARIANT(iface)->enumerator.object);
}

static ULONG STDMETHODCALLTYPE EnumVariant_Release(IEnumVARIANT *iface)
{
    return object_release(&impl_from_IEnumVARIANT(iface)->enumerator.object);
}

static HRESULT STDMETHODCALLTYPE EnumVariant_Next(IEnumVARIANT *iface, ULONG count, VARIANT *elements, ULONG *fetched)
{
    return enumerator_next(&impl_from_IEnumVARIANT(iface)->enumerator, count, elements, fetched);
}

static HRESULT STDMETHODCALLTYPE EnumVariant_Skip(IEnumVARIANT *iface, ULONG count)
{
    return enumerator_skip(&impl_from_IEnumVARIANT(iface)->enumerator, count);
}

static HRESULT STDMETHODCALLTYPE EnumVariant_Reset(IEnumVARIANT *iface)
{
    return enumerator_reset(&impl_from_IEnumVARIANT(iface)->enumerator);
}

static HRESULT STDMETHODCALLTYPE EnumVariant_Clone(IEnumVARIANT *iface, IEnumVARIANT **out)
{
    enumerator *e = &impl_from_IEnumVARIANT(iface)->enumerator;

    if (!out)
        return E_POINTER;
    return create(e->items, enumerator_position(e), out);
}

static const IEnumVARIANTVtbl EnumVariant_vtable = {
    .QueryInterface = EnumVariant_QueryInterface,
    .AddRef = EnumVariant_AddRef,
    .Release = EnumVariant_Release,
    .Next = EnumVariant_Next,
    .Skip = EnumVariant_Skip,
    .Reset = EnumVariant_Reset,
    .Clone = EnumVariant_Clone,
};

/* ---- items ---- */

static HRESULT copy_variant(void *element, const void *item)
{
    VariantInit(element); /* what Next is given need not be a VARIANT yet */
    return VariantCopy(element, (VARIANT *)(uintptr_t)item);
}

static void free_variant(void *value)
{
    VariantClear(value);
}

static const enumerator_items_kind variant_items = {
    .item_size = sizeof(VARIANT),
    .element_size = sizeof(VARIANT),
    .copy = copy_variant,
    .free_element = free_variant,
    .free_item = free_variant,
};

/* ---- making and ending ---- */

static void destroy(object *o)
{
    enum_variant *e = (enum_variant *)o;

    enumerator_fini(&e->enumerator);
    mem_free(e);
}

static const object_interface interfaces[] = {
    {&IID_IEnumVARIANT, offsetof(enum_variant, IEnumVARIANT_iface)},
    {NULL, 0},
};

static const object_kind enum_variant_kind = {
    .interfaces = interfaces,
    .destroy = destroy,
};

static HRESULT create(enumerator_items *items, ULONG position, IEnumVARIANT **out)
{
    enum_variant *e = mem_alloc(sizeof(*e));

    *out = NULL;
    if (!e)
        return E_OUTOFMEMORY;
    e->IEnumVARIANT_iface.lpVtbl = &EnumVariant_vtable;
    enumerator_init(&e->enumerator, &enum_variant_kind, items, position);
    *out = &e->IEnumVARIANT_iface;
    return S_OK;
}

HRESULT enum_variant_create(const VARIANT *values, ULONG count, IEnumVARIANT **out)
{
    enumerator_items *items = enumerator_items_create(&variant_items, count);
    HRESULT hr = S_OK;
    ULONG i;

    *out = NULL;
    if (!items)
        return E_OUTOFMEMORY;
    for (i = 0; i < count && SUCCEEDED(hr); i++)
        hr = copy_variant(enumerator_items_at(items, i), &values[i]);
    if (SUCCEEDED(hr))
        hr = create(items, 0, out);
    enumerator_items_release(items);
    return hr;
}
