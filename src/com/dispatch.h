/* dispatch.h: IDispatch of a dual interface, by the type library. Any thread may call everything here. */

#ifndef COM_DISPATCH_H
#define COM_DISPATCH_H

#include "com/object.h"

/* The methods of IDispatch; `o` has a dual interface. */
HRESULT dispatch_get_type_info_count(object *o, UINT *count);
HRESULT dispatch_get_type_info(object *o, UINT index, LCID lcid, ITypeInfo **out);
HRESULT dispatch_get_ids_of_names(object *o, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids);
HRESULT dispatch_invoke(object *o, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                        EXCEPINFO *exception, UINT *bad_argument);

/* Defines the seven functions of IUnknown and IDispatch for the dual interface `Interface` of the class `Class`, with
 * the names Class_QueryInterface to Class_Invoke. The file defines impl_from_Interface, which returns a structure with
 * the field `object`. */
#define FORWARD_DUAL(Class, Interface)                                                                                 \
    static HRESULT STDMETHODCALLTYPE Class##_QueryInterface(Interface *iface, REFIID riid, void **out)                 \
    {                                                                                                                  \
        return object_query_interface(&impl_from_##Interface(iface)->object, riid, out);                               \
    }                                                                                                                  \
                                                                                                                       \
    static ULONG STDMETHODCALLTYPE Class##_AddRef(Interface *iface)                                                    \
    {                                                                                                                  \
        return object_add_ref(&impl_from_##Interface(iface)->object);                                                  \
    }                                                                                                                  \
                                                                                                                       \
    static ULONG STDMETHODCALLTYPE Class##_Release(Interface *iface)                                                   \
    {                                                                                                                  \
        return object_release(&impl_from_##Interface(iface)->object);                                                  \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_GetTypeInfoCount(Interface *iface, UINT *count)                           \
    {                                                                                                                  \
        return dispatch_get_type_info_count(&impl_from_##Interface(iface)->object, count);                             \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_GetTypeInfo(Interface *iface, UINT index, LCID lcid, ITypeInfo **out)     \
    {                                                                                                                  \
        return dispatch_get_type_info(&impl_from_##Interface(iface)->object, index, lcid, out);                        \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_GetIDsOfNames(Interface *iface, REFIID riid, LPOLESTR *names, UINT count, \
                                                           LCID lcid, DISPID *ids)                                     \
    {                                                                                                                  \
        return dispatch_get_ids_of_names(&impl_from_##Interface(iface)->object, riid, names, count, lcid, ids);        \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_Invoke(Interface *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,   \
                                                    DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,         \
                                                    UINT *bad_argument)                                                \
    {                                                                                                                  \
        return dispatch_invoke(&impl_from_##Interface(iface)->object, id, riid, lcid, flags, params, result,           \
                               exception, bad_argument);                                                               \
    }

#endif
