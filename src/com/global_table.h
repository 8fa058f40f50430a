/* global_table.h: COM's Global Interface Table, which keeps an interface for all apartments. */

#ifndef COM_GLOBAL_TABLE_H
#define COM_GLOBAL_TABLE_H

#include "com/com.h"

/* Puts `object` in; in its own apartment. *cookie is 0 unless S_OK. */
HRESULT global_table_put(IUnknown *object, REFIID riid, DWORD *cookie);

/* A reference for the calling apartment; *out is NULL unless S_OK. Calls the object's apartment, which may be busy. */
HRESULT global_table_get(DWORD cookie, REFIID riid, void **out);

/* Takes it out. Any thread, one without COM too: that is in the MTA for the moment. The object may be released here. */
void global_table_drop(DWORD cookie);

#endif
