#include "deliver/window_class.h"

#include "base/lock.h"

static lock class_lock;
static unsigned window_count STATIC_GUARDED_BY(class_lock); /* the class is registered while it is not 0 */

/* If the class could not be unregistered, since the system had not released a window yet, that class is used again. */
static bool has_class(HMODULE module, WNDPROC procedure)
{
    WNDCLASSEXW c = {.cbSize = sizeof(c)};

    return GetClassInfoExW(module, WINDOW_CLASS, &c) && c.lpfnWndProc == procedure;
}

bool window_class_hold(HMODULE module, WNDPROC procedure)
{
    WNDCLASSEXW c = {.cbSize = sizeof(c), .lpfnWndProc = procedure};
    bool held;

    c.hInstance = module;
    c.lpszClassName = WINDOW_CLASS;
    lock_acquire(&class_lock);
    held = window_count || RegisterClassExW(&c) || has_class(module, procedure);
    if (held)
        window_count++;
    lock_release(&class_lock);
    return held;
}

void window_class_release(HMODULE module)
{
    lock_acquire(&class_lock);
    if (!--window_count)
        UnregisterClassW(WINDOW_CLASS, module);
    lock_release(&class_lock);
}

unsigned window_class_count(void)
{
    unsigned count;

    lock_acquire(&class_lock);
    count = window_count;
    lock_release(&class_lock);
    return count;
}
