/* Properties that both a server and a manager of clients have. */

#include "com/error.h"
#include "com/host.h"
#include "com/version.h"

#define WIDEN_(text) L##text
#define WIDEN(text) WIDEN_(text)
#ifdef _WIN64
#define BITNESS L" x64"
#else
#define BITNESS L" x86"
#endif

HRESULT host_get_version(BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = SysAllocString(WIDEN(VERSION) BITNESS);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

HRESULT host_get_last_event_error(host *h, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&h->lock);
    *value = SysAllocStringLen(h->last_event_error, SysStringLen(h->last_event_error));
    lock_release(&h->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}
