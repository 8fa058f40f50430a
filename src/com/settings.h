/* settings.h: the properties that Start judges. */

#ifndef COM_SETTINGS_H
#define COM_SETTINGS_H

#include "com/com.h"

typedef struct settings
{
    BSTR pipe_name; /* owned; NULL is "" */
    LONG threads, buffer_size, receive_limit, send_limit;
    VARIANT_BOOL free_threading, read_continuously;
} settings;

void settings_init(settings *s);
void settings_fini(settings *s);

/* Error 5 with property, value and range for the first that is impossible. */
HRESULT settings_judge(const settings *s);

#endif
