/* registration.h: the entries in the registry that make the classes known to the system: ids, names, type library and,
 * for marshalling, interfaces.
 *
 * The functions write and remove tables of their own. They do not call RegisterTypeLib, because UnRegisterTypeLib would
 * remove the interfaces of both bitnesses. So both bitnesses can be registered side by side, and a registration that
 * fails half-way is undone. Any thread may call both functions. */

#ifndef DLL_REGISTRATION_H
#define DLL_REGISTRATION_H

#include "com/com.h"

typedef enum registration_scope
{
    REGISTRATION_MACHINE, /* for all users; needs an administrator */
    REGISTRATION_USER
} registration_scope;

/* Registers `dll`, a full path, for the bitness of this process. After a failure the registry is as it was before, as
 * far as the system allows. */
HRESULT registration_add(registration_scope scope, const WCHAR *dll);

/* Removes what registration_add writes. Entries that both bitnesses share stay while the other bitness is registered.
 * Returns S_OK also if nothing is registered. */
HRESULT registration_remove(registration_scope scope);

#endif
