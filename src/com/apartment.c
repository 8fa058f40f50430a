#include "com/apartment.h"

apartment_calls apartment_system = {CoInitializeEx, CoUninitialize};

DWORD apartment_current(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    if (FAILED(CoGetApartmentType(&type, &qualifier)))
        return 0;
    switch (type)
    {
    case APTTYPE_STA:
    case APTTYPE_MAINSTA: return GetCurrentThreadId();
    case APTTYPE_NA:
        return qualifier == APTTYPEQUALIFIER_NA_ON_STA || qualifier == APTTYPEQUALIFIER_NA_ON_MAINSTA
                   ? GetCurrentThreadId()
                   : 0;
    default: return 0;
    }
}

bool apartment_is_mta(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA;
}

HRESULT apartment_enter_mta(void)
{
    return apartment_system.initialize(NULL, COINIT_MULTITHREADED);
}

void apartment_leave_mta(void)
{
    apartment_system.uninitialize();
}

bool apartment_has_entered_mta(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA &&
           qualifier != APTTYPEQUALIFIER_IMPLICIT_MTA;
}

bool apartment_wait(HANDLE handle, DWORD ms)
{
    DWORD index;

    if (apartment_current())
        return CoWaitForMultipleHandles(0, ms, 1, &handle, &index) == S_OK;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
}
