/* The functions of windows.h that work on pipes. Their rules are in pipe.c; here are handles, points and faults. */

#include "failure.h"
#include "faults.h"
#include "network.h"
#include "pipe.h"
#include "scheduler.h"
#include "security.h"
#include "ways.h"

#define DEFAULT_WAIT_MS 50 /* the page of CreateNamedPipe */

static file *end_of(HANDLE handle, const char *function)
{
    return object_of(handle, OBJECT_FILE, function);
}

/* Enters a function: a point. Other threads may have closed the handle meanwhile. */
static file *enter(HANDLE handle, const char *function, DWORD value)
{
    const file *f = end_of(handle, function);

    point(function, "pipe end", f->head.number, value);
    return end_of(handle, function);
}

static BOOL answer(DWORD error)
{
    if (error)
        SetLastError(error);
    return !error;
}

/* ---- making and opening ---- */

static bool has_directions(const pipe_name *n, DWORD open_mode)
{
    return n->to_server == ((open_mode & PIPE_ACCESS_INBOUND) != 0) &&
           n->to_client == ((open_mode & PIPE_ACCESS_OUTBOUND) != 0);
}

static file *make_instance(const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD max_instances, DWORD out_size,
                           DWORD in_size, DWORD default_wait, SECURITY_ATTRIBUTES *security, DWORD *error)
{
    pipe_name *n = name_find(path);
    DWORD count = 0;
    file *f;

    for (const pipe *p = n ? n->pipes : NULL; p; p = p->next)
        count += p->ends[SIDE_SERVER] || !ways.servers_keep_names;
    /* create.c, NpCreateExistingNamedPipe: instances that are exhausted are looked at first. The type is not looked at;
     * the name keeps that of its first instance. */
    *error = n && count >= n->max_instances                                             ? ERROR_PIPE_BUSY
             : n && open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE && !ways.first_is_ignored ? ERROR_ACCESS_DENIED
             : n && !has_directions(n, open_mode)                                       ? ERROR_ACCESS_DENIED
                                                                                        : 0;
    if (*error)
        return NULL;
    if (!n)
    {
        n = name_create(path, security);
        n->default_wait = default_wait ? default_wait : DEFAULT_WAIT_MS;
        n->messages = pipe_mode & PIPE_TYPE_MESSAGE;
        n->max_instances = max_instances == PIPE_UNLIMITED_INSTANCES ? MAXDWORD : max_instances;
        n->to_server = open_mode & PIPE_ACCESS_INBOUND;
        n->to_client = open_mode & PIPE_ACCESS_OUTBOUND;
    }
    f = pipe_create(n, out_size, in_size);
    f->overlapped = open_mode & FILE_FLAG_OVERLAPPED;
    f->access = (n->to_server ? GENERIC_READ : 0) | (n->to_client ? GENERIC_WRITE : 0) | FILE_READ_ATTRIBUTES |
                FILE_WRITE_ATTRIBUTES;
    f->pipe->read_messages[SIDE_SERVER] = pipe_mode & PIPE_READMODE_MESSAGE;
    f->pipe->refuses_remote = pipe_mode & 8; /* PIPE_REJECT_REMOTE_CLIENTS */
    return f;
}

/* The pipe that the product makes to ask the system something. It may be anybody's. */
static bool is_probe(const WCHAR *path)
{
    static const WCHAR own[] = L"\\\\.\\pipe\\NamedPipeServer.probe";
    const int length = ARRAYSIZE(own) - 1;

    return lstrlenW(path) > length && CompareStringOrdinal(path, length, own, length, FALSE) == CSTR_EQUAL;
}

static HANDLE hand_out(file *f)
{
    HANDLE handle = object_open(&f->head);

    object_release(&f->head);
    return handle;
}

HANDLE WINAPI CreateNamedPipeW(const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD max_instances, DWORD out_size,
                               DWORD in_size, DWORD timeout, SECURITY_ATTRIBUTES *security)
{
    DWORD error;
    HANDLE handle;
    file *f;

    point("CreateNamedPipeW", "", 0, 0);
    if (fault(FAULT_CREATE_PIPE))
        return INVALID_HANDLE_VALUE;
    if (!is_probe(path))
        check_acts_as_process("CreateNamedPipe");
    f = make_instance(path, open_mode, pipe_mode, max_instances, out_size, in_size, timeout, security, &error);
    if (!f)
    {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    handle = hand_out(f);
    point("CreateNamedPipeW.", "pipe end", f->head.number, 0);
    return handle;
}

/* create.c: an access that the pipe's direction does not allow is refused before an instance is looked for. */
static DWORD open_client(const WCHAR *path, DWORD access, file **out)
{
    pipe_name *n = name_find(path);
    pipe *p;

    if (!n || !pipe_has_server(n))
        return ERROR_FILE_NOT_FOUND;
    if ((access & GENERIC_READ && !n->to_client) || (access & GENERIC_WRITE && !n->to_server))
        return ERROR_ACCESS_DENIED;
    p = pipe_that_listens(n);
    if (!p)
        return ERROR_PIPE_BUSY;
    if (path_is_remote(path) && p->refuses_remote)
        return ERROR_ACCESS_DENIED;
    *out = pipe_open_client(p);
    return 0;
}

/* Windows takes `..` out of a path before it opens what the path then names. */
static bool leads_elsewhere(const WCHAR *path)
{
    for (; *path; path++)
        if (path[0] == '.' && path[1] == '.')
            return true;
    return false;
}

static DWORD open_path(const WCHAR *path, DWORD access, file **out)
{
    if (!leads_elsewhere(path))
        return open_client(path, access, out);
    *out = file_create();
    (*out)->is_disk = true;
    return 0;
}

static void close_afar(object *o)
{
    (void)o;
    network_call("CloseHandle");
}

HANDLE WINAPI CreateFileW(const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template_file)
{
    file *f = NULL;
    HANDLE handle;
    DWORD error;

    (void)share;
    (void)security;
    (void)disposition;
    (void)template_file;
    point("CreateFileW", "", 0, 0);
    if (fault(FAULT_OPEN))
        return INVALID_HANDLE_VALUE;
    if (!is_probe(path))
        check_acts_as_process("CreateFile");
    error = path_is_remote(path) ? network_call("CreateFile") : 0;
    if (!error)
        error = open_path(path, access, &f);
    if (error)
    {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    f->overlapped = flags & FILE_FLAG_OVERLAPPED;
    f->access = access;
    f->is_remote = path_is_remote(path);
    f->head.before_close = f->is_remote ? close_afar : NULL;
    handle = hand_out(f);
    requests_tell();
    point("CreateFileW.", "pipe end", f->head.number, 0);
    return handle;
}

typedef struct name_wait
{
    const WCHAR *path;
    int number; /* of the name */
} name_wait;

static const pipe_name *awaited(const name_wait *w)
{
    const pipe_name *n = name_find(w->path);

    return n && n->number == w->number ? n : NULL;
}

static bool is_gone_or_listens(void *wait)
{
    const pipe_name *n = awaited(wait);

    return !n || pipe_that_listens(n);
}

/* fsctrl.c, NpWaitForNamedPipe; waitsup.c: each of those that wait is woken when an instance listens, and when the name
 * goes (strucsup.c, NpDeleteFcb), but not when its servers go and a client stays. */
BOOL WINAPI WaitNamedPipeW(const WCHAR *path, DWORD ms)
{
    const pipe_name *n;
    name_wait wait = {path, 0};

    point("WaitNamedPipeW", "", 0, ms);
    n = name_find(path);
    if (!n)
        return answer(ERROR_FILE_NOT_FOUND);
    wait.number = n->number;
    if (!is_gone_or_listens(&wait) &&
        !scheduler_wait(is_gone_or_listens, &wait, scheduler_in(ms ? ms : n->default_wait), "a pipe that listens", 0))
        return answer(ERROR_SEM_TIMEOUT);
    if (awaited(&wait))
        return TRUE;
    return answer(ways.servers_keep_names ? ERROR_HANDLES_CLOSED : ERROR_FILE_NOT_FOUND);
}

/* ---- requests ---- */

typedef DWORD transfer(file *f, OVERLAPPED *overlapped, void *data, DWORD size, DWORD *bytes);

static DWORD read_bytes(file *f, OVERLAPPED *overlapped, void *data, DWORD size, DWORD *bytes)
{
    return pipe_read(f, "ReadFile", overlapped, data, size, bytes);
}

static DWORD write_bytes(file *f, OVERLAPPED *overlapped, void *data, DWORD size, DWORD *bytes)
{
    return pipe_write(f, "WriteFile", overlapped, data, size, bytes);
}

/* A handle that is not overlapped: the call returns when the request has ended. */
static BOOL transfer_now(file *f, HANDLE handle, transfer *of, void *data, DWORD size, DWORD *done)
{
    OVERLAPPED own = {0};
    DWORD error;

    request_prepare(&own);
    error = of(f, &own, data, size, done);
    requests_tell();
    if (error == ERROR_IO_PENDING)
        return GetOverlappedResult(handle, &own, done, TRUE);
    return answer(error);
}

static BOOL transfer_overlapped(file *f, transfer *of, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    const char *name = of == read_bytes ? "ReadFile" : "WriteFile";
    DWORD bytes = 0, error;
    BOOL ok;

    if (!overlapped)
        fail("a request without an OVERLAPPED on pipe end %d, which is overlapped", f->head.number);
    object_hold(&f->head); /* telling of other requests may let another thread close it */
    request_prepare(overlapped);
    error = f->is_remote && fault(FAULT_NETWORK) ? GetLastError() : of(f, overlapped, data, size, &bytes);
    if (f->is_remote && (!error || error == ERROR_MORE_DATA)) /* the other computer's answer takes a while */
    {
        request_end(request_begin(f, name, overlapped, data, size), error, bytes);
        error = ERROR_IO_PENDING;
    }
    if (done)
        *done = error ? 0 : bytes; /* also with more data (ReactOS, kernel32/client/file/rw.c, ReadFile) */
    requests_tell();               /* write.c, NpFsdWrite: those that it ended are told of before its own end */
    ok = error == ERROR_IO_PENDING ? answer(error) : request_ended_at_once(f, name, overlapped, error, bytes);
    object_release(&f->head);
    return ok;
}

BOOL WINAPI ReadFile(HANDLE handle, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    file *f = enter(handle, "ReadFile", size);
    int number = f->head.number;
    BOOL ok;

    if (!f->is_peer && fault(FAULT_READ))
        return FALSE;
    f = end_of(handle, "ReadFile");
    if (!(f->access & GENERIC_READ))
        return answer(ERROR_ACCESS_DENIED);
    if (f->is_remote)
        size = network_part(size);
    ok = f->overlapped ? transfer_overlapped(f, read_bytes, data, size, done, overlapped)
                       : transfer_now(f, handle, read_bytes, data, size, done);
    point("ReadFile.", "pipe end", number, ok ? 0 : GetLastError());
    return ok;
}

BOOL WINAPI WriteFile(HANDLE handle, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    file *f = enter(handle, "WriteFile", size);
    int number = f->head.number;
    BOOL ok;

    if (!f->is_peer && fault(FAULT_WRITE))
        return FALSE;
    f = end_of(handle, "WriteFile");
    if (!(f->access & GENERIC_WRITE))
        return answer(ERROR_ACCESS_DENIED);
    ok = f->overlapped ? transfer_overlapped(f, write_bytes, (void *)data, size, done, overlapped)
                       : transfer_now(f, handle, write_bytes, (void *)data, size, done);
    point("WriteFile.", "pipe end", number, ok ? 0 : GetLastError());
    return ok;
}

BOOL WINAPI ConnectNamedPipe(HANDLE handle, OVERLAPPED *overlapped)
{
    file *f = enter(handle, "ConnectNamedPipe", 0);
    int number = f->head.number;
    DWORD error;

    if (fault(FAULT_CONNECT))
        return FALSE;
    f = end_of(handle, "ConnectNamedPipe");
    request_prepare(overlapped);
    error = pipe_connect(f, "ConnectNamedPipe", overlapped);
    SetLastError(error);
    point("ConnectNamedPipe.", "pipe end", number, error);
    return FALSE;
}

BOOL WINAPI DisconnectNamedPipe(HANDLE handle)
{
    DWORD error = pipe_disconnect(enter(handle, "DisconnectNamedPipe", 0));

    requests_tell();
    return answer(error);
}

BOOL WINAPI PeekNamedPipe(HANDLE handle, void *data, DWORD size, DWORD *read, DWORD *waiting, DWORD *left)
{
    const file *f = enter(handle, "PeekNamedPipe", 0);
    DWORD in_pipe, of_message, error;

    (void)data;
    (void)read;
    if (size)
        fail("PeekNamedPipe with a buffer; the stand-in does not know this case");
    if (fault(FAULT_PEEK))
        return FALSE;
    if (f->is_remote)
        network_call("PeekNamedPipe");
    if (!(f->access & GENERIC_READ))
        return answer(ERROR_ACCESS_DENIED);
    error = pipe_peek(f, &in_pipe, &of_message);
    if (waiting)
        *waiting = in_pipe;
    if (left)
        *left = of_message;
    return answer(error);
}

BOOL WINAPI DeviceIoControl(HANDLE handle, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *done,
                            OVERLAPPED *overlapped)
{
    file *f = enter(handle, "DeviceIoControl", code);

    (void)in, (void)in_size, (void)done;
    if (!f->is_remote || code != 0x0011400c) /* FSCTL_PIPE_PEEK */
        fail("DeviceIoControl: the stand-in does not know this case");
    return !fault(FAULT_CONTROL) && network_peek(end_of(handle, "DeviceIoControl"), out, out_size, overlapped);
}

/* ---- what a pipe tells of itself ---- */

DWORD WINAPI GetFileType(HANDLE handle)
{
    return enter(handle, "GetFileType", 0)->is_disk ? 1 /* FILE_TYPE_DISK */ : FILE_TYPE_PIPE;
}

BOOL WINAPI GetNamedPipeInfo(HANDLE handle, DWORD *flags, DWORD *out_size, DWORD *in_size, DWORD *max_instances)
{
    const file *f = enter(handle, "GetNamedPipeInfo", 0);
    DWORD error = f->is_remote ? network_call("GetNamedPipeInfo") : 0;

    (void)out_size;
    (void)in_size;
    if (fault(FAULT_PIPE_INFO))
        return FALSE;
    f = end_of(handle, "GetNamedPipeInfo");
    if (error || !(f->access & (GENERIC_READ | FILE_READ_ATTRIBUTES)))
        return answer(error ? error : ERROR_ACCESS_DENIED);
    if (!f->pipe)
        return answer(ERROR_PIPE_NOT_CONNECTED);
    if (flags)
        *flags = (f->side == SIDE_SERVER ? PIPE_SERVER_END : 0) | (f->pipe->name->messages ? PIPE_TYPE_MESSAGE : 0);
    if (max_instances)
        *max_instances =
            f->pipe->name->max_instances == MAXDWORD ? PIPE_UNLIMITED_INSTANCES : f->pipe->name->max_instances;
    return TRUE;
}

BOOL WINAPI GetNamedPipeClientProcessId(HANDLE handle, ULONG *process)
{
    const file *f = enter(handle, "GetNamedPipeClientProcessId", 0);

    if (fault(FAULT_PROCESS_ID))
        return FALSE;
    if (!f->pipe && !ways.keeps_process) /* fsctrl.c, NpQueryClientProcess */
        return answer(ERROR_PIPE_NOT_CONNECTED);
    *process = GetCurrentProcessId();
    return TRUE;
}

BOOL WINAPI GetNamedPipeClientSessionId(HANDLE handle, ULONG *session)
{
    return GetNamedPipeClientProcessId(handle, session);
}

BOOL WINAPI GetNamedPipeServerProcessId(HANDLE handle, ULONG *process)
{
    return GetNamedPipeClientProcessId(handle, process);
}

BOOL WINAPI SetNamedPipeHandleState(HANDLE handle, DWORD *mode, DWORD *max_collection, DWORD *timeout)
{
    file *f = enter(handle, "SetNamedPipeHandleState", *mode);
    DWORD error = f->is_remote ? network_call("SetNamedPipeHandleState") : 0;

    (void)max_collection;
    (void)timeout;
    if (fault(FAULT_SET_STATE))
        return FALSE;
    f = end_of(handle, "SetNamedPipeHandleState");
    if (error || !(f->access & (GENERIC_WRITE | FILE_WRITE_ATTRIBUTES)))
        return answer(error ? error : ERROR_ACCESS_DENIED);
    if (!f->pipe)
        return answer(ERROR_PIPE_NOT_CONNECTED);
    if (*mode & PIPE_READMODE_MESSAGE && !f->pipe->name->messages) /* fileinfo.c, NpSetPipeInfo */
        return answer(ERROR_INVALID_PARAMETER);
    f->pipe->read_messages[f->side] = *mode & PIPE_READMODE_MESSAGE;
    return TRUE;
}

/* FilePipeLocalInformation: the field that the product reads, fileinfo.c. A client that was disconnected has none. */
static LONG query_information_file(HANDLE handle, void *status, void *information, ULONG size, int kind)
{
    const file *f = enter(handle, "NtQueryInformationFile", 0);

    (void)status;
    if (kind != 24 || size < 40)
        fail("NtQueryInformationFile: the stand-in does not know this case");
    if (!f->pipe)
        return (LONG)0xc00000b0; /* STATUS_PIPE_DISCONNECTED */
    ((ULONG *)information)[8] = f->pipe->state;
    return 0;
}

FARPROC WINAPI GetProcAddress(HMODULE module, const char *name)
{
    (void)module;
    return strcmp(name, "NtQueryInformationFile") ? NULL : (FARPROC)(uintptr_t)query_information_file;
}
