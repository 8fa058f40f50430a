/* typeinfo.h: the type library in the resource of this module. The registry is not used, so that everything works
 * without registration.
 *
 * Any thread may call everything here, unless a comment says otherwise. What was loaded is kept until
 * typeinfo_forget. */

#ifndef COM_TYPEINFO_H
#define COM_TYPEINFO_H

#include "com/com.h"

/* Gives the description of a dual interface, a dispinterface or a coclass by its GUID, with a reference. *out is NULL
 * unless S_OK. */
HRESULT typeinfo_get(REFGUID guid, ITypeInfo **out);

typedef struct signature
{
    UINT most;         /* the most arguments; the value of a put is one of them */
    bool takes_object; /* the last argument (the value of a put) is a pointer to an object */
} signature;

/* Finds the function of a dual interface for a call of this kind. False: the interface has none. Call it after
 * typeinfo_get has given the description of the interface. */
bool typeinfo_find_function(REFGUID guid, DISPID id, INVOKEKIND kind, signature *out);

/* Releases what is kept. References that callers have stay valid. */
void typeinfo_forget(void);

/* Sets the file of the type library, for programs without the resource. The text is not copied. Call it before the
 * first typeinfo_get. */
void typeinfo_set_path(const WCHAR *path);

#endif
