/* registration.h: what makes the classes known to the system: ids, names, type library and, for marshalling,
 * interfaces.
 *
 * Written and removed by our own tables instead of RegisterTypeLib, whose counterpart takes the interfaces of both
 * bitnesses away: so the two stand side by side, and what fails half-way is taken back to what was there before. */

#ifndef DLL_REGISTRATION_H
#define DLL_REGISTRATION_H

#include "com/com.h"

typedef enum registration_scope
{
    REGISTRATION_MACHINE, /* needs an administrator */
    REGISTRATION_USER
} registration_scope;

/* Registers `dll` (a full path) for this bitness. On failure nothing has changed. */
HRESULT registration_add(registration_scope scope, const WCHAR *dll);

/* Removes what registration_add writes; what both bitnesses share stays while the other one is registered. S_OK also
 * where nothing is registered. */
HRESULT registration_remove(registration_scope scope);

#endif
