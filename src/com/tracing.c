#include "com/tracing.h"

#include "com/error.h"
#include "com/error_log.h"
#include "com/trace_data.h"
#include "com/version.h"

#include "base/trace.h"

enum
{
    LINE_SIZE = 1000, /* characters; wsprintf writes 1,024 at most */
    MORE_SIZE = 600,  /* characters of `more` */
    ENVIRONMENT_SIZE = 1024
};

/* ---- the environment, read once ---- */

/* Returns the path that the environment names, or "". A longer one than this is none. */
static const WCHAR *environment_path(void)
{
    static lock reading;
    static bool is_read;
    static WCHAR path[ENVIRONMENT_SIZE];
    DWORD length;

    lock_acquire(&reading);
    if (!is_read)
    {
        length = GetEnvironmentVariableW(L"NAMEDPIPESERVER_TRACE", path, ENVIRONMENT_SIZE);
        if (length >= ENVIRONMENT_SIZE)
        {
            path[0] = 0;
            trace(L"NAMEDPIPESERVER_TRACE is longer than 1,023 characters; give a shorter path");
        }
        is_read = true;
    }
    lock_release(&reading);
    return path;
}

/* ---- lines ---- */

/* Copies a text, with blanks for what would end a line or a column. */
static void copy_in_one_line(WCHAR *to, const WCHAR *from, int size)
{
    lstrcpynW(to, from ? from : L"", size);
    for (; *to; to++)
        if (*to < L' ')
            *to = L' ';
}

/* Nothing for 0, which is no error and no connection. */
static void describe_number(WCHAR to[16], LONG number)
{
    to[0] = 0;
    if (number)
        wsprintfW(to, number < 0 ? L"0x%08lX" : L"%ld", number);
}

static void describe_bytes(WCHAR to[16], const trace_line *line)
{
    to[0] = 0;
    if (line->has_bytes)
        wsprintfW(to, L"%lu", line->bytes);
}

/* Writes a line of `length` characters. False: the trace has ended. */
static bool write_text(trace_file *f, const WCHAR *text, int length)
{
    char bytes[LINE_SIZE * 3];
    int size = WideCharToMultiByte(CP_UTF8, 0, text, length, bytes, sizeof(bytes), NULL, NULL);

    return trace_file_write(f, bytes, (DWORD)size);
}

static bool write_line(const tracing *t, trace_file *f, const trace_line *line, bool with_data)
{
    WCHAR text[1024 + 1], connection[16], bytes[16], error[16], more[MORE_SIZE], data[TRACE_DATA_SIZE] = L"";
    SYSTEMTIME now;
    int length;

    GetLocalTime(&now);
    describe_number(connection, line->connection);
    describe_bytes(bytes, line);
    describe_number(error, line->error);
    copy_in_one_line(more, line->more, MORE_SIZE);
    if (with_data && line->data)
        trace_data_describe(line->data, line->size, data);
    length =
        wsprintfW(text, L"%04u-%02u-%02u %02u:%02u:%02u.%03u\t%lu\t%lu\t%s %ld\t%s\t%s\t%s\t%s\t%s%s\r\n", now.wYear,
                  now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond, now.wMilliseconds, GetCurrentProcessId(),
                  GetCurrentThreadId(), t->kind, t->number, connection, line->what, bytes, error, more, data);
    return write_text(f, text, length);
}

/* ---- which file ---- */

BSTR tracing_describe(const WCHAR *path, trace_end end, DWORD code)
{
    static const WCHAR *const sentences[] = {
        [TRACE_CANNOT_OPEN] = L"The trace \"%s\" cannot be opened; give the path of a file that may be written.",
        [TRACE_IS_NO_FILE] = L"The trace \"%s\" is no file on a disk; give the path of one.",
        [TRACE_IS_NO_TRACE] = L"The trace \"%s\" has other content, and is left alone; give the path of a new file.",
        [TRACE_IS_TOO_LONG] = L"The trace \"%s\" has reached its greatest length and has ended; delete it, or give "
                              L"another path.",
        [TRACE_CANNOT_WRITE] =
            L"The trace \"%s\" cannot be written any more, and has ended; make room, or give another "
            L"path.",
        [TRACE_NO_MEMORY] = L"The trace \"%s\" cannot be written: memory is short.",
    };
    WCHAR text[1024 + 1], shown[ENVIRONMENT_SIZE - 256];
    BSTR system = code ? error_describe(code) : NULL, sentence;
    int length;

    lstrcpynW(shown, path, (int)ARRAYSIZE(shown) - 1);
    length = wsprintfW(text, sentences[end], shown);
    sentence = SysAllocStringLen(NULL, (UINT)length + (system ? 1 + SysStringLen(system) : 0));
    if (sentence)
    {
        lstrcpyW(sentence, text);
        if (system)
        {
            lstrcatW(sentence, L" ");
            lstrcatW(sentence, system);
        }
    }
    SysFreeString(system);
    return sentence;
}

/* Tells the debugger and Diagnose that the trace at `path` has ended. */
static void tell_end(const tracing *t, const WCHAR *path, trace_end end, DWORD code)
{
    BSTR sentence = tracing_describe(path, end, code);
    error_place place = {t->kind, t->number, 0, L"TraceFile"};

    trace(sentence ? sentence : L"the trace has ended");
    error_log_add(&place, (LONG)code, sentence ? sentence : L"the trace has ended");
    SysFreeString(sentence);
}

/* The trace has ended: nothing is written until another is put. */
static void end_trace(tracing *t, trace_file *f)
{
    trace_file *ended = NULL;
    DWORD code;
    trace_end end = trace_file_state(f, &code);

    lock_acquire(&t->lock);
    if (t->file == f)
    {
        ended = f;
        t->file = NULL;
        t->end = end;
        t->code = code;
        STORE_RELEASE(&t->on, 0);
    }
    lock_release(&t->lock);
    if (ended)
        tell_end(t, trace_file_path(f), end, code);
    trace_file_release(ended);
}

/* Takes another file in place of the present one; NULL: none. */
static void set_file(tracing *t, trace_file *file, trace_end end, DWORD code)
{
    trace_file *old;

    lock_acquire(&t->lock);
    old = t->file;
    t->file = file;
    t->end = end;
    t->code = code;
    STORE_RELEASE(&t->on, file != NULL);
    lock_release(&t->lock);
    trace_file_release(old);
}

static void begin_trace(tracing *t)
{
    WCHAR program[400] = L"", more[480];
    trace_line line = {.what = L"trace", .more = more};

    GetModuleFileNameW(NULL, program, ARRAYSIZE(program) - 1);
    wsprintfW(more, L"%s, in %s", VERSION_WITH_BITNESS, program);
    tracing_write(t, &line);
}

/* Opens the file at `path`; "": that of the environment, if it names one. */
static void open_file(tracing *t, const WCHAR *path)
{
    trace_file *file = NULL;
    trace_end end = TRACE_GOES_ON;
    DWORD code = 0;

    if (!*path)
        path = environment_path();
    if (*path)
        end = trace_file_open(path, &file, &code);
    set_file(t, file, end, code);
    if (end)
        tell_end(t, path, end, code);
    if (file)
        begin_trace(t);
}

void tracing_write(tracing *t, const trace_line *line)
{
    trace_file *f;
    bool with_data;

    if (!tracing_is_on(t))
        return;
    lock_acquire(&t->lock);
    f = t->file ? trace_file_hold(t->file) : NULL;
    with_data = t->data != VARIANT_FALSE;
    lock_release(&t->lock);
    if (f && !write_line(t, f, line, with_data))
        end_trace(t, f);
    trace_file_release(f);
}

/* ---- properties ---- */

HRESULT tracing_get_file(tracing *t, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&t->lock);
    *value = SysAllocStringLen(t->path, SysStringLen(t->path));
    lock_release(&t->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

HRESULT tracing_put_file(tracing *t, BSTR value)
{
    BSTR path = SysAllocStringLen(value, SysStringLen(value)), old;

    if (!path)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    open_file(t, path);
    lock_acquire(&t->lock);
    old = t->path;
    t->path = path;
    lock_release(&t->lock);
    SysFreeString(old);
    return S_OK;
}

HRESULT tracing_get_data(tracing *t, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&t->lock);
    *value = t->data;
    lock_release(&t->lock);
    return S_OK;
}

HRESULT tracing_put_data(tracing *t, VARIANT_BOOL value)
{
    lock_acquire(&t->lock);
    t->data = value ? VARIANT_TRUE : VARIANT_FALSE;
    lock_release(&t->lock);
    return S_OK;
}

/* ---- life, and what Diagnose tells ---- */

void tracing_init(tracing *t, const WCHAR *kind)
{
    static volatile LONG last_number; /* Interlocked; of the objects of this process */

    t->kind = kind;
    t->number = InterlockedIncrement(&last_number);
    if (*environment_path())
        open_file(t, L"");
}

void tracing_fini(tracing *t)
{
    trace_file_release(t->file);
    SysFreeString(t->path);
}

static WCHAR *copy(const WCHAR *text)
{
    WCHAR *copied = mem_alloc(((size_t)lstrlenW(text) + 1) * sizeof(WCHAR));

    if (copied)
        lstrcpyW(copied, text);
    return copied;
}

void tracing_look(tracing *t, tracing_view *out)
{
    const WCHAR *path;

    lock_acquire(&t->lock);
    out->is_environment = !SysStringLen(t->path);
    path = t->file ? trace_file_path(t->file) : out->is_environment ? environment_path() : t->path;
    out->path = *path ? copy(path) : NULL;
    out->data = t->data != VARIANT_FALSE;
    out->end = t->end;
    out->code = t->code;
    lock_release(&t->lock);
}
