/* names.h: the coclass NamedPipeNames: names of pipes that were found. Any thread. */

#ifndef COM_NAMES_H
#define COM_NAMES_H

#include "com/com.h"

/* The names of this computer's pipes that fit `pattern` (pipe_pattern_of in pipe/name.h); error 5 for one that none can
 * fit. *out is NULL unless S_OK. */
HRESULT names_find(BSTR pattern, INamedPipeNames **out);

#endif
