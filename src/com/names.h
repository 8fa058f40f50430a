/* names.h: the coclass NamedPipeNames: names of pipes that were found. Any thread. */

#ifndef COM_NAMES_H
#define COM_NAMES_H

#include "com/com.h"

/* The names that fit `pattern`, "" for all; error 5 for one that no name can fit. *out is NULL unless S_OK. */
HRESULT names_find(BSTR pattern, INamedPipeNames **out);

#endif
