/* pipe_event_object.h: the coclass NamedPipeEvent: one event, as WaitEvent returns it. */

#ifndef COM_PIPE_EVENT_OBJECT_H
#define COM_PIPE_EVENT_OBJECT_H

#include "com/stored.h"

/* Makes the object. `cookie` and `data` become its own, also after a failure; either may be NULL. The object holds
 * `connection`, which is agile or NULL, and copies `description`, which may be NULL. *out is NULL unless S_OK. Any
 * thread. */
HRESULT pipe_event_object_create(NamedPipeEventKind kind, IDispatch *connection, stored *cookie, SAFEARRAY *data,
                                 LONG number, BSTR description, INamedPipeEvent **out);

#endif
