/* names.h: the coclass NamedPipeNames: the names of pipes that were found. Any thread. */

#ifndef COM_NAMES_H
#define COM_NAMES_H

#include "com/com.h"

/* Finds the names of this computer's pipes that fit `pattern` (see pipe_pattern_of in pipe/name.h). Error 5: no name
 * can fit the pattern. *out is NULL unless S_OK. */
HRESULT names_find(BSTR pattern, INamedPipeNames **out);

#endif
