/* typeinfo.h: the type library in the module's own resource; never the registry, so that everything works unregistered.
 *
 * Any thread. What was loaded is kept until typeinfo_forget. */

#ifndef COM_TYPEINFO_H
#define COM_TYPEINFO_H

#include "com/com.h"

/* The description of a dual interface, a dispinterface or a coclass by its GUID; a reference. *out is NULL unless
 * S_OK. */
HRESULT typeinfo_get(REFGUID guid, ITypeInfo **out);

typedef struct signature
{
    UINT most;         /* arguments; a put's value is one of them */
    bool takes_object; /* the last one, a put's value, is a pointer to an object */
} signature;

/* The function of a dual interface that a call of this kind is for. False: the interface has none. Call after
 * typeinfo_get gave its description. */
bool typeinfo_find_function(REFGUID guid, DISPID id, INVOKEKIND kind, signature *out);

/* Drops what is kept. References that were given out stay good. */
void typeinfo_forget(void);

/* The file that holds the library, for programs that lack the resource; the text is not copied. Before the first
 * typeinfo_get. */
void typeinfo_set_path(const WCHAR *path);

#endif
