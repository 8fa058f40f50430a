/* global_table.h: the Global Interface Table of COM, which keeps interface pointers for all apartments. */

#ifndef COM_GLOBAL_TABLE_H
#define COM_GLOBAL_TABLE_H

#include "com/com.h"

/* Registers `object`; call it in the object's apartment. *cookie is 0 unless S_OK. */
HRESULT global_table_put(IUnknown *object, REFIID riid, DWORD *cookie);

/* Gives the object to the calling apartment, with a reference; *out is NULL unless S_OK. Calls the object's apartment,
 * which may be busy. */
HRESULT global_table_get(DWORD cookie, REFIID riid, void **out);

/* Revokes a registration. Any thread; a thread without COM enters the MTA for the moment. The object may be released
 * during the call. */
void global_table_drop(DWORD cookie);

#endif
