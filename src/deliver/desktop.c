#include "deliver/desktop.h"

desktop_calls desktop_system = {
    .get_thread_desktop = GetThreadDesktop,
    .set_thread_desktop = SetThreadDesktop,
};

HDESK desktop_current(void)
{
    return desktop_system.get_thread_desktop(GetCurrentThreadId());
}

bool desktop_enter(HDESK desktop, HDESK *own)
{
    *own = desktop_current();
    return *own == desktop || desktop_system.set_thread_desktop(desktop);
}

void desktop_leave(HDESK desktop, HDESK own)
{
    if (own != desktop)
        desktop_system.set_thread_desktop(own);
}
