/* Threads: `files_lock` guards the list of files and their references. The lock of a file guards its length and its
 * end, and is held during a write: lines of this process stay whole also where the system does not append at once. */

#include "com/trace_file.h"

#include "base/list.h"
#include "base/lock.h"

struct trace_file
{
    list_link link;      /* files_lock */
    unsigned references; /* files_lock */
    HANDLE handle;
    bool is_new GUARDED_BY(lock); /* it is empty */
    lock lock;
    LONGLONG length GUARDED_BY(lock); /* bytes: what was there, and what this process wrote */
    trace_end end GUARDED_BY(lock);
    DWORD code GUARDED_BY(lock);
    volatile LONG has_ended; /* Interlocked; `end` is set: who opens the path again begins anew */
    WCHAR path[1];           /* in full; more follows */
};

trace_file_calls trace_file_system = {CreateFileW, WriteFile, 0x40000000};

static lock files_lock;
static list files STATIC_GUARDED_BY(files_lock) = {{&files.head, &files.head}};

/* ---- opening ---- */

/* Makes a trace_file with the path in full, not yet open. NULL: memory is short, or the path cannot be one. */
static trace_file *trace_file_create(const WCHAR *path)
{
    DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
    trace_file *f = size ? mem_alloc(sizeof(*f) + size * sizeof(WCHAR)) : NULL;

    if (f)
        GetFullPathNameW(path, size, f->path, NULL);
    return f;
}

/* Returns whether the path is in the name space of devices, such as that of a pipe. */
static bool is_device(const WCHAR *path)
{
    return (path[0] == L'\\' && path[1] == L'\\' && path[2] == L'.' && path[3] == L'\\') ||
           CompareStringOrdinal(path, lstrlenW(path) < 9 ? lstrlenW(path) : 9, L"\\\\?\\pipe\\", 9, TRUE) == CSTR_EQUAL;
}

/* Returns whether the file, which has content, begins as a trace does. */
static bool is_trace(HANDLE handle)
{
    char begin[sizeof(TRACE_COLUMNS) - 1];
    DWORD done;

    return ReadFile(handle, begin, sizeof(begin), &done, NULL) && done == sizeof(begin) &&
           memcmp(begin, TRACE_COLUMNS, sizeof(begin)) == 0;
}

static trace_end judge(trace_file *f, DWORD *code)
{
    LARGE_INTEGER length;

    if (GetFileType(f->handle) != FILE_TYPE_DISK)
        return TRACE_IS_NO_FILE;
    if (!GetFileSizeEx(f->handle, &length))
    {
        *code = GetLastError();
        return TRACE_CANNOT_OPEN;
    }
    lock_acquire(&f->lock);
    f->length = length.QuadPart;
    f->is_new = !length.QuadPart;
    lock_release(&f->lock);
    return !length.QuadPart || is_trace(f->handle) ? TRACE_GOES_ON : TRACE_IS_NO_TRACE;
}

/* Opens for appending alone: then the system puts each write at the end, whoever else writes. Nobody to whom the name
 * leads may act as this process. */
static trace_end open_handle(trace_file *f, DWORD *code)
{
    if (is_device(f->path))
        return TRACE_IS_NO_FILE;
    f->handle = trace_file_system.create_file(f->path, FILE_READ_DATA | FILE_APPEND_DATA | SYNCHRONIZE,
                                              FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS,
                                              FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (f->handle == INVALID_HANDLE_VALUE)
    {
        *code = GetLastError();
        return TRACE_CANNOT_OPEN;
    }
    return judge(f, code);
}

static trace_file *find_open(const WCHAR *path) REQUIRES_LOCK(files_lock)
{
    for (list_link *link = list_first(&files); link; link = list_next(&files, link))
    {
        trace_file *f = CONTAINER_OF(link, trace_file, link);

        if (CompareStringOrdinal(f->path, -1, path, -1, TRUE) == CSTR_EQUAL && !LOAD_ACQUIRE(&f->has_ended))
            return f;
    }
    return NULL;
}

static void trace_file_free(trace_file *f)
{
    if (f->handle && f->handle != INVALID_HANDLE_VALUE)
        CloseHandle(f->handle);
    mem_free(f);
}

/* Puts `fresh` into the list, or frees it if another thread was quicker. Returns the one in the list, with a
 * reference. */
static trace_file *enter(trace_file *fresh)
{
    trace_file *known;

    lock_acquire(&files_lock);
    known = find_open(fresh->path);
    if (!known)
    {
        known = fresh;
        list_append(&files, &known->link);
    }
    known->references++;
    lock_release(&files_lock);
    if (known != fresh)
        trace_file_free(fresh);
    return known;
}

static trace_file *find(const WCHAR *path)
{
    trace_file *known;

    lock_acquire(&files_lock);
    known = find_open(path);
    if (known)
        known->references++;
    lock_release(&files_lock);
    return known;
}

/* Opens a file that nobody of this process has open, and begins it if it is new. */
static trace_end open_fresh(trace_file *f, trace_file **out, DWORD *code)
{
    trace_end end = open_handle(f, code);

    if (end)
    {
        trace_file_free(f);
        return end;
    }
    *out = enter(f);
    trace_file_write(*out, "", 0);
    end = trace_file_state(*out, code);
    if (!end)
        return TRACE_GOES_ON;
    trace_file_release(*out);
    *out = NULL;
    return end;
}

trace_end trace_file_open(const WCHAR *path, trace_file **out, DWORD *code)
{
    trace_file *f = trace_file_create(path);

    *code = 0;
    *out = f ? find(f->path) : NULL;
    if (!f)
        return TRACE_NO_MEMORY;
    if (!*out)
        return open_fresh(f, out, code);
    trace_file_free(f);
    return TRACE_GOES_ON;
}

trace_file *trace_file_hold(trace_file *f)
{
    lock_acquire(&files_lock);
    f->references++;
    lock_release(&files_lock);
    return f;
}

void trace_file_release(trace_file *f)
{
    bool is_last;

    if (!f)
        return;
    lock_acquire(&files_lock);
    is_last = --f->references == 0;
    if (is_last)
        list_remove(&f->link);
    lock_release(&files_lock);
    if (is_last)
        trace_file_free(f);
}

/* ---- writing ---- */

static void write_line(trace_file *f, const char *line, DWORD size) REQUIRES_LOCK(f->lock)
{
    DWORD done = 0;

    if (f->length + size > trace_file_system.most)
        f->end = TRACE_IS_TOO_LONG;
    else if (!trace_file_system.write_file(f->handle, line, size, &done, NULL))
    {
        f->code = GetLastError();
        f->end = TRACE_CANNOT_WRITE;
    }
    else if (done != size)
    {
        f->code = ERROR_DISK_FULL;
        f->end = TRACE_CANNOT_WRITE;
    }
    else
        f->length += size;
}

/* Whoever writes first into a new file begins it: otherwise it would not be known as a trace. */
static void begin(trace_file *f) REQUIRES_LOCK(f->lock)
{
    if (f->is_new)
        write_line(f, TRACE_COLUMNS, sizeof(TRACE_COLUMNS) - 1);
    f->is_new = false;
}

bool trace_file_write(trace_file *f, const char *line, DWORD size)
{
    bool goes_on;

    lock_acquire(&f->lock);
    if (f->end == TRACE_GOES_ON)
        begin(f);
    if (f->end == TRACE_GOES_ON && size)
        write_line(f, line, size);
    goes_on = f->end == TRACE_GOES_ON;
    if (!goes_on)
        InterlockedExchange(&f->has_ended, 1);
    lock_release(&f->lock);
    return goes_on;
}

trace_end trace_file_state(trace_file *f, DWORD *code)
{
    trace_end end;

    lock_acquire(&f->lock);
    end = f->end;
    *code = f->code;
    lock_release(&f->lock);
    return end;
}

const WCHAR *trace_file_path(const trace_file *f)
{
    return f->path;
}
