/* factory.h: the class factories of the creatable classes. */

#ifndef DLL_FACTORY_H
#define DLL_FACTORY_H

#include "com/com.h"

/* Returns the interface `riid` of the factory of `clsid` in *out, with one reference; *out is NULL after a failure.
 * CLASS_E_CLASSNOTAVAILABLE: the DLL has no such class, or the class cannot be created; E_NOINTERFACE: a factory has no
 * such interface. Any thread may call factory_get: a factory belongs to no apartment. Each reference to a factory keeps
 * the module loaded, as an object does. */
HRESULT factory_get(REFCLSID clsid, REFIID riid, void **out);

#endif
