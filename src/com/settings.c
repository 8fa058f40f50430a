#include "com/settings.h"

#include "com/error.h"
#include "pipe/name.h"

/* One setting that is a number: where it lies, what it is, and what may be given. */
typedef struct number_setting
{
    const WCHAR *name;
    size_t offset;
    LONG initial, least, most;
    const WCHAR *advice;
} number_setting;

#define NO_MOST 0x7fffffff

static const number_setting numbers[] = {
    {L"NumThreadsIOCP", offsetof(settings, threads), 1, 1, 64, L"1 to 64"},
    {L"MessageBufferSize", offsetof(settings, buffer_size), 131072, 64, 67108864, L"64 to 67108864 bytes"},
    {L"ReceiveQueueLimit", offsetof(settings, receive_limit), 16777216, 0, NO_MOST,
     L"0 for no limit, or a number of bytes"},
    {L"SendQueueLimit", offsetof(settings, send_limit), 67108864, 0, NO_MOST, L"0 for no limit, or a number of bytes"},
};

void settings_init(settings *s)
{
    memset(s, 0, sizeof(*s));
    for (size_t i = 0; i < ARRAYSIZE(numbers); i++)
        *(LONG *)((char *)s + numbers[i].offset) = numbers[i].initial;
    s->read_continuously = VARIANT_TRUE;
}

void settings_fini(settings *s)
{
    SysFreeString(s->pipe_name);
    s->pipe_name = NULL;
}

HRESULT settings_judge(const settings *s)
{
    UINT length = SysStringLen(s->pipe_name);

    if (!length)
        return error_raise(ERROR_ID_NO_PIPE_NAME);
    if (!pipe_name_is_possible(s->pipe_name, length))
        return error_raise(ERROR_ID_BAD_PIPE_NAME, s->pipe_name);
    for (size_t i = 0; i < ARRAYSIZE(numbers); i++)
    {
        const number_setting *n = &numbers[i];
        LONG value = *(const LONG *)((const char *)s + n->offset);

        if (value < n->least || value > n->most)
            return error_raise(ERROR_ID_OUT_OF_RANGE, n->name, value, n->advice);
    }
    return S_OK;
}
