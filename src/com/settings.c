#include "com/settings.h"

#include "base/impersonation.h"
#include "com/error.h"
#include "pipe/sddl_text.h"

#define ENTRY_SIZE 200 /* characters of an entry of SecurityDescriptor that a sentence shows */

/* A setting that is a number: its offset in `settings`, its initial value, and the values that it may have besides. */
typedef struct number_setting
{
    const WCHAR *name;
    size_t offset;
    LONG initial, least, most;
    const WCHAR *advice; /* for the error's sentence: what to give */
    bool of_run;         /* used when a run starts, not by each connection */
    enum
    {
        OF_BOTH,
        OF_SERVER,
        OF_MANAGER
    } whose;
} number_setting;

#define NO_MOST 0x7fffffff
#define MAX_MESSAGE_SIZE 3 /* the places in `numbers` of what a Call needs */
#define FRAMING 4

static const number_setting numbers[] = {
    {L"NumThreadsIOCP", offsetof(settings, threads), 1, 1, 64, L"1 to 64", true, OF_BOTH},
    {L"MaxConnections", offsetof(settings, max_connections), 0, 0, NO_MOST, L"0 for no limit, or a number of clients",
     true, OF_SERVER},
    {L"ListenBacklog", offsetof(settings, backlog), 4, 1, 1024, L"1 to 1024", true, OF_SERVER},
    [MAX_MESSAGE_SIZE] = {L"MaxMessageSize", offsetof(settings, message_limit), 0, 0, NO_MOST,
                          L"0 for no limit, or a number of bytes", false, OF_BOTH},
    [FRAMING] = {L"Framing", offsetof(settings, framing), NamedPipeFramingPipe, NamedPipeFramingPipe,
                 NamedPipeFramingUntilClosed,
                 L"NamedPipeFramingPipe (0), Lines (1), Length (2), Header (3), Chunks (4) or UntilClosed (5)", false,
                 OF_BOTH},
    {L"IdleTimeout", offsetof(settings, idle_timeout), 0, 0, NO_MOST, L"0 for never, or milliseconds", false, OF_BOTH},
    {L"ReconnectMs", offsetof(settings, reconnect_ms), 0, 100, 600000, L"0 for never, or 100 to 600000 milliseconds",
     false, OF_MANAGER},
    {L"MessageBufferSize", offsetof(settings, buffer_size), 131072, 64, 67108864, L"64 to 67108864 bytes", false,
     OF_BOTH},
    {L"ReceiveQueueLimit", offsetof(settings, receive_limit), 16777216, 0, NO_MOST,
     L"0 for no limit, or a number of bytes", false, OF_BOTH},
    {L"SendQueueLimit", offsetof(settings, send_limit), 67108864, 0, NO_MOST, L"0 for no limit, or a number of bytes",
     false, OF_BOTH},
    {L"Security", offsetof(settings, security), NamedPipeSecurityCurrentUser, NamedPipeSecurityCurrentUser,
     NamedPipeSecurityEveryone,
     L"NamedPipeSecurityCurrentUser (0), NamedPipeSecurityAuthenticatedUsers (1) or NamedPipeSecurityEveryone (2)",
     true, OF_SERVER},
};

void settings_init(settings *s)
{
    memset(s, 0, sizeof(*s));
    for (size_t i = 0; i < ARRAYSIZE(numbers); i++)
        *(LONG *)((char *)s + numbers[i].offset) = numbers[i].initial;
    s->read_continuously = s->wait_for_server = VARIANT_TRUE;
}

void settings_fini(settings *s)
{
    SysFreeString(s->pipe_name);
    SysFreeString(s->descriptor);
    s->pipe_name = s->descriptor = NULL;
}

/* Copies a text that may have NULs in it; NULL is "". */
static BSTR copy_text(BSTR text)
{
    return SysAllocStringLen(text, SysStringLen(text));
}

HRESULT settings_copy(settings *from, settings *out)
{
    lock_acquire(&from->lock);
    *out = *from;
    out->pipe_name = copy_text(from->pipe_name);
    out->descriptor = copy_text(from->descriptor);
    lock_release(&from->lock);
    memset(&out->lock, 0, sizeof(out->lock));
    return out->pipe_name && out->descriptor ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

HRESULT settings_get_long(settings *s, const LONG *field, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = *field;
    lock_release(&s->lock);
    return S_OK;
}

HRESULT settings_put_long(settings *s, LONG *field, LONG value)
{
    lock_acquire(&s->lock);
    *field = value;
    lock_release(&s->lock);
    return S_OK;
}

HRESULT settings_get_bool(settings *s, const VARIANT_BOOL *field, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = *field;
    lock_release(&s->lock);
    return S_OK;
}

HRESULT settings_put_bool(settings *s, VARIANT_BOOL *field, VARIANT_BOOL value)
{
    lock_acquire(&s->lock);
    *field = value ? VARIANT_TRUE : VARIANT_FALSE;
    lock_release(&s->lock);
    return S_OK;
}

HRESULT settings_get_text(settings *s, BSTR const *field, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = copy_text(*field);
    lock_release(&s->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

HRESULT settings_put_text(settings *s, BSTR *field, BSTR value)
{
    BSTR fresh = copy_text(value), old;

    if (!fresh)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    lock_acquire(&s->lock);
    old = *field;
    *field = fresh;
    lock_release(&s->lock);
    SysFreeString(old);
    return S_OK;
}

access_settings settings_access(const settings *s, const SECURITY_DESCRIPTOR *descriptor)
{
    static const access_preset presets[] = {
        [NamedPipeSecurityCurrentUser] = ACCESS_CURRENT_USER,
        [NamedPipeSecurityAuthenticatedUsers] = ACCESS_AUTHENTICATED_USERS,
        [NamedPipeSecurityEveryone] = ACCESS_EVERYONE,
    };
    access_settings access = {
        .preset = presets[s->security],
        .descriptor = descriptor,
        .allow_remote = s->allow_remote != VARIANT_FALSE,
    };

    return access;
}

/* Of a value that was judged. */
static framing framing_of(LONG value)
{
    static const framing framings[] = {
        [NamedPipeFramingPipe] = FRAMING_PIPE,     [NamedPipeFramingLines] = FRAMING_LINES,
        [NamedPipeFramingLength] = FRAMING_LENGTH, [NamedPipeFramingHeader] = FRAMING_HEADER,
        [NamedPipeFramingChunks] = FRAMING_CHUNKS, [NamedPipeFramingUntilClosed] = FRAMING_UNTIL_CLOSED,
    };

    return framings[value];
}

flow_settings settings_flow(const settings *s)
{
    flow_settings flow = {
        .needs_server = s->wait_for_server == VARIANT_FALSE,
        .framing = framing_of(s->framing),
        .buffer_size = (DWORD)s->buffer_size,
        .read_continuously = s->read_continuously != VARIANT_FALSE,
        .message_limit = (DWORD)s->message_limit,
        .receive_limit = s->receive_limit,
        .send_limit = s->send_limit,
        .idle_timeout = (DWORD)s->idle_timeout,
        .reconnect_pause = (DWORD)s->reconnect_ms,
    };

    return flow;
}

static bool is_right(const number_setting *n, LONG value)
{
    return value == n->initial || (value >= n->least && value <= n->most);
}

static LONG value_of(const settings *s, const number_setting *n)
{
    return *(const LONG *)((const char *)s + n->offset);
}

bool settings_view(const settings *s, bool of_server, unsigned index, setting_view *out)
{
    for (size_t i = 0; i < ARRAYSIZE(numbers); i++)
    {
        const number_setting *n = &numbers[i];

        if (n->whose == (of_server ? OF_MANAGER : OF_SERVER) || index--)
            continue;
        out->name = n->name;
        out->value = value_of(s, n);
        out->is_initial = out->value == n->initial;
        out->is_right = is_right(n, out->value);
        out->advice = n->advice;
        return true;
    }
    return false;
}

static HRESULT judge_number(const number_setting *n, LONG value)
{
    if (!is_right(n, value))
        return error_raise(ERROR_ID_OUT_OF_RANGE, n->name, value, n->advice);
    return S_OK;
}

static HRESULT judge(const settings *s, bool with_those_of_run)
{
    HRESULT hr = S_OK;

    for (size_t i = 0; i < ARRAYSIZE(numbers) && SUCCEEDED(hr); i++)
        if (!numbers[i].of_run || with_those_of_run)
            hr = judge_number(&numbers[i], value_of(s, &numbers[i]));
    return hr;
}

/* Acts as the process meanwhile, which makes the pipe: the thread may impersonate somebody whom Windows tells of no
 * account. Returns a Win32 code. */
static DWORD read_text(const WCHAR *text, SECURITY_DESCRIPTOR **descriptor, sddl_fault *fault, WCHAR *entry)
{
    impersonation suspended;
    DWORD error = impersonation_suspend(&suspended, false);

    if (error)
        return error;
    *fault = sddl_read(text, descriptor, entry, ENTRY_SIZE);
    return impersonation_resume(&suspended);
}

static HRESULT raise_fault(const settings *s, sddl_fault fault, const WCHAR *entry)
{
    switch (fault)
    {
    case SDDL_IS_RIGHT: return S_OK;
    case SDDL_ENTRY_IS_WRONG: return error_raise(ERROR_ID_BAD_ENTRY, entry);
    case SDDL_TEXT_IS_WRONG: return error_raise(ERROR_ID_BAD_DESCRIPTOR, s->descriptor);
    default: return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
}

/* Start finds out what else may be wrong, and says so by codes of the engine. */
static HRESULT read_descriptor(const settings *s, SECURITY_DESCRIPTOR **descriptor)
{
    UINT length = SysStringLen(s->descriptor);
    WCHAR entry[ENTRY_SIZE];
    sddl_fault fault;
    DWORD error;

    if (!length)
        return S_OK;
    if (length != (UINT)lstrlenW(s->descriptor))
        return error_raise(ERROR_ID_BAD_DESCRIPTOR, s->descriptor); /* a NUL is in it */
    error = read_text(s->descriptor, descriptor, &fault, entry);
    if (!error)
        return raise_fault(s, fault, entry);
    LocalFree(*descriptor);
    *descriptor = NULL;
    return error_raise_code(error);
}

HRESULT settings_judge(const settings *s, SECURITY_DESCRIPTOR **descriptor)
{
    HRESULT hr = judge(s, true);

    *descriptor = NULL;
    return SUCCEEDED(hr) ? read_descriptor(s, descriptor) : hr;
}

HRESULT settings_judge_flow(const settings *s)
{
    return judge(s, false);
}

HRESULT settings_get_call(settings *s, call_settings *out)
{
    LONG limit, framing;
    HRESULT hr;

    settings_get_long(s, &s->message_limit, &limit);
    settings_get_long(s, &s->framing, &framing);
    hr = judge_number(&numbers[MAX_MESSAGE_SIZE], limit);
    if (SUCCEEDED(hr))
        hr = judge_number(&numbers[FRAMING], framing);
    if (FAILED(hr))
        return hr;
    out->limit = (DWORD)limit;
    out->framing = framing_of(framing);
    return S_OK;
}
