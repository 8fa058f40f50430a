/* json_object.h: objects of the consumer as sources of JSON. */

#ifndef COM_JSON_OBJECT_H
#define COM_JSON_OBJECT_H

#include "com/json_source.h"

/* Opens an object: as a dictionary; as an object of a script; as the value of its default property, if that can be read
 * and is no object: then out->kind is NULL, and out->kept is the value; or by its enumerator. Another is
 * DISP_E_TYPEMISMATCH. After a failure nothing is open. */
HRESULT json_object_open(IUnknown *object, json_source *out);

#endif
