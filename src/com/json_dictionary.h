/* json_dictionary.h: objects with Keys and Item as sources of JSON: Scripting.Dictionary, Hashtable of .NET. */

#ifndef COM_JSON_DICTIONARY_H
#define COM_JSON_DICTIONARY_H

#include "com/json_source.h"

/* Opens a dictionary, and takes the target over, which is empty then. S_FALSE: it is none; the target stays as it
 * is. */
HRESULT json_dictionary_open(target *t, json_source *out);

#endif
