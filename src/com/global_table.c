#include "com/global_table.h"

#include "com/apartment.h"

static HRESULT get_table(IGlobalInterfaceTable **out)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalInterfaceTable,
                            (void **)out);
}

HRESULT global_table_put(IUnknown *object, REFIID riid, DWORD *cookie)
{
    IGlobalInterfaceTable *table;
    HRESULT hr = get_table(&table);

    *cookie = 0;
    if (FAILED(hr))
        return hr;
    hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, object, riid, cookie);
    if (FAILED(hr))
        *cookie = 0;
    IGlobalInterfaceTable_Release(table);
    return hr;
}

HRESULT global_table_get(DWORD cookie, REFIID riid, void **out)
{
    IGlobalInterfaceTable *table;
    HRESULT hr = get_table(&table);

    *out = NULL;
    if (FAILED(hr))
        return hr;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, riid, out);
    if (FAILED(hr))
        *out = NULL;
    IGlobalInterfaceTable_Release(table);
    return hr;
}

static HRESULT drop_in_apartment(DWORD cookie)
{
    IGlobalInterfaceTable *table;
    HRESULT hr = get_table(&table);

    if (FAILED(hr))
        return hr;
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
    IGlobalInterfaceTable_Release(table);
    return S_OK;
}

/* A thread without COM belongs to the MTA as long as another thread is in the MTA. Afterwards it cannot reach the
 * table, though the entry is still there. To enter and leave the MTA here unloads no DLL that runs: COM has unloaded
 * its DLLs with the apartments before. */
void global_table_drop(DWORD cookie)
{
    if (drop_in_apartment(cookie) != CO_E_NOTINITIALIZED || FAILED(apartment_enter_mta()))
        return;
    drop_in_apartment(cookie);
    apartment_leave_mta();
}
