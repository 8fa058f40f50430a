#include "com/unload.h"

#include "com/typeinfo.h"
#include "deliver/thread_window.h"
#include "deliver/window_class.h"

#include "base/check.h"

static LONG count; /* Interlocked */

void unload_prevent(void)
{
    InterlockedIncrement(&count);
}

void unload_permit(void)
{
    /* Code that loads type information again meanwhile is counted itself, and releases it again. */
    if (count_down(&count) == 0)
        typeinfo_forget();
}

bool unload_is_permitted(void)
{
    thread_window_reap();
    return InterlockedCompareExchange(&count, 0, 0) == 0 && window_class_count() == 0;
}
