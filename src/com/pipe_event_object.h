/* pipe_event_object.h: the coclass NamedPipeEvent: one event as WaitEvent gives it. */

#ifndef COM_PIPE_EVENT_OBJECT_H
#define COM_PIPE_EVENT_OBJECT_H

#include "com/stored.h"

/* Takes over `cookie` and `data` (either may be NULL), also where it fails. Holds `connection`, which is agile or
 * NULL; copies `description`, which may be NULL. *out is NULL unless S_OK. */
HRESULT pipe_event_object_create(NamedPipeEventKind kind, IDispatch *connection, stored *cookie, SAFEARRAY *data,
                                 LONG number, BSTR description, INamedPipeEvent **out);

#endif
