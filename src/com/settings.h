/* settings.h: the properties that Start and Connect read and judge. Any thread. */

#ifndef COM_SETTINGS_H
#define COM_SETTINGS_H

#include "com/com.h"

#include "base/lock.h"
#include "pipe/pipe.h"

typedef struct settings
{
    lock lock;
    BSTR pipe_name; /* a server's; owned; NULL is "" */
    LONG threads, buffer_size, receive_limit, send_limit;
    VARIANT_BOOL free_threading, read_continuously;
} settings;

void settings_init(settings *s);
void settings_fini(settings *s);

/* As they are at this moment; ended by settings_fini. */
HRESULT settings_copy(settings *from, settings *out);

/* One of the fields, for a property. */
HRESULT settings_get_long(settings *s, const LONG *field, LONG *value);
HRESULT settings_put_long(settings *s, LONG *field, LONG value);
HRESULT settings_get_bool(settings *s, const VARIANT_BOOL *field, VARIANT_BOOL *value);
HRESULT settings_put_bool(settings *s, VARIANT_BOOL *field, VARIANT_BOOL value);
HRESULT settings_get_text(settings *s, BSTR const *field, BSTR *value);
HRESULT settings_put_text(settings *s, BSTR *field, BSTR value);

/* Error 5 with property, value and range for the first number that is impossible. */
HRESULT settings_judge(const settings *s);
/* The same for those that settings_flow takes. */
HRESULT settings_judge_flow(const settings *s);

/* What a connection takes of them. */
flow_settings settings_flow(const settings *s);

#endif
