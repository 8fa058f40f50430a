/* enum_variant.h: IEnumVARIANT over a snapshot of values, for _NewEnum of a collection. */

#ifndef COM_ENUM_VARIANT_H
#define COM_ENUM_VARIANT_H

#include "com/com.h"

/* Makes an enumerator of copies of `count` values; objects among them must be agile. *out is NULL unless S_OK. Any
 * thread. */
HRESULT enum_variant_create(const VARIANT *items, ULONG count, IEnumVARIANT **out);

#endif
