/* settings.h: the properties that Start and Connect read and check. Any thread may call everything here. */

#ifndef COM_SETTINGS_H
#define COM_SETTINGS_H

#include "com/com.h"

#include "base/lock.h"
#include "pipe/pipe.h"

typedef struct settings
{
    lock lock;
    BSTR pipe_name, descriptor; /* a server's; owned; NULL means "" */
    LONG threads, buffer_size, receive_limit, send_limit, message_limit, idle_timeout, framing;
    LONG max_connections, backlog, security; /* a server's */
    VARIANT_BOOL free_threading, read_continuously;
    VARIANT_BOOL wait_for_server; /* a client manager's */
    LONG reconnect_ms;            /* a client manager's */
    VARIANT_BOOL allow_remote;    /* a server's */
} settings;

void settings_init(settings *s);
void settings_fini(settings *s);

/* Copies the settings of this moment. Call settings_fini for *out in any case. */
HRESULT settings_copy(settings *from, settings *out);

/* Read or write one field of `s`, for a property. */
HRESULT settings_get_long(settings *s, const LONG *field, LONG *value);
HRESULT settings_put_long(settings *s, LONG *field, LONG value);
HRESULT settings_get_bool(settings *s, const VARIANT_BOOL *field, VARIANT_BOOL *value);
HRESULT settings_put_bool(settings *s, VARIANT_BOOL *field, VARIANT_BOOL value);
HRESULT settings_get_text(settings *s, BSTR const *field, BSTR *value);
HRESULT settings_put_text(settings *s, BSTR *field, BSTR value);

/* Checks all numbers, and reads SecurityDescriptor. Returns error 5 for the first number that is out of range, with
 * property, value and range, and for what is wrong in SecurityDescriptor. Acts as the process meanwhile. Windows may
 * ask a domain controller for an account: call it with no lock held, while nobody waits for the thread. *descriptor is
 * to be freed with LocalFree; NULL: the property is empty, or it failed. */
HRESULT settings_judge(const settings *s, SECURITY_DESCRIPTOR **descriptor);
/* Does the same for the numbers that settings_flow uses. */
HRESULT settings_judge_flow(const settings *s);

/* A setting that is a number, for a person. */
typedef struct setting_view
{
    const WCHAR *name;
    LONG value;
    bool is_initial;     /* nobody has changed it */
    bool is_right;       /* Start or Connect takes it */
    const WCHAR *advice; /* what to give */
} setting_view;

/* Gives the number with this index of a server or of a manager; the owner's lock is not needed for a copy. False: there
 * are no more. */
bool settings_view(const settings *s, bool of_server, unsigned index, setting_view *out);

/* What a Call needs of the settings. */
typedef struct call_settings
{
    DWORD limit; /* MaxMessageSize: bytes; 0 for no limit */
    framing framing;
} call_settings;

/* Gives what these properties say at this moment. Returns error 5 if one is out of range. */
HRESULT settings_get_call(settings *s, call_settings *out);

/* Returns who may open a server's pipe, by settings that settings_judge found right and the descriptor that it gave;
 * valid as long as the descriptor. */
access_settings settings_access(const settings *s, const SECURITY_DESCRIPTOR *descriptor);

/* Returns the settings of a connection, by those that one of the two found right. */
flow_settings settings_flow(const settings *s);

#endif
