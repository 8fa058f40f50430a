/* factory.h: the class factories of the creatable classes. */

#ifndef DLL_FACTORY_H
#define DLL_FACTORY_H

#include "com/com.h"

/* The factory of a class; CLASS_E_CLASSNOTAVAILABLE where the class is none of ours or cannot be created. Any thread: a
 * factory belongs to no apartment. Each reference to a factory keeps the module, as an object does. */
HRESULT factory_get(REFCLSID clsid, REFIID riid, void **out);

#endif
