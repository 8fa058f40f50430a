/* target.h: an object of the consumer whose members are called by name. Call everything here on a thread that may call
 * the object, with no lock held: the consumer's code runs. It may release the object, which stays until
 * target_close. */

#ifndef COM_TARGET_H
#define COM_TARGET_H

#include "com/com.h"

#include <dispex.h>

typedef struct target
{
    IDispatch *dispatch; /* held */
    IDispatchEx *ex;     /* held; NULL: the object has no such interface */
} target;

/* False: the object has no IDispatch. Call target_close afterwards in any case. */
bool target_open(IUnknown *object, target *out);
void target_close(target *t);

/* Looks a member up; by IDispatchEx as it is written, else in any case. */
bool target_find(const target *t, const WCHAR *name, DISPID *id);

/* Returns whether the object is a function of a script: functions have certain methods, and nothing that holds data has
 * them. */
bool target_is_function(const target *t);

/* Calls a member, with one argument or none (NULL). `flags` are those of Invoke. Free *out with VariantClear; it is
 * Empty unless S_OK. A failure sets the error's sentence: the object's own, if it gave one. */
HRESULT target_call(const target *t, DISPID id, WORD flags, const VARIANT *argument, VARIANT *out);

/* Asks a method of the object about the member `name`, which is a BSTR. Where it answers something else than a Boolean,
 * or not at all, returns `otherwise`. */
bool target_ask(const target *t, DISPID method, const VARIANT *name, bool otherwise);

/* Returns whether a failure of target_call means that there is no such member, or none that can be called like this:
 * some objects find every name. */
bool target_lacks(HRESULT hr);

/* Opens the object's enumerator (For Each). Returns NULL if there is none. */
IEnumVARIANT *target_enumerate(const target *t);

#endif
