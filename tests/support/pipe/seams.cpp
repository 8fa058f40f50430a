#include "support/pipe/seams.h"

#include <sddl.h>

#include <algorithm>
#include <atomic>
#include <memory>

extern "C" {
#include "base/lock.h"
}

/* `table` is what the seams stand in front of. It stays when they are gone: a thread may be just inside one, and finds
 * no hook then. */
static win32_calls table;
static seam_hooks none;
static std::atomic<seam_hooks *> present = &none;
static std::atomic<unsigned> inside; /* expressions that look at hooks, or call one */
static std::atomic<ULONGLONG> time_slept;
static lock creations_lock;
static std::vector<pipe_creation> made;
static std::vector<HANDLE> opened; /* by create_file, and not closed yet */
static lock opened_lock;
static CONDITION_VARIABLE opened_closed = CONDITION_VARIABLE_INIT;

static std::atomic<LONGLONG> blocks, bytes_used, bytes_peak;
static lock blocks_lock;
static CONDITION_VARIABLE block_freed = CONDITION_VARIABLE_INIT;

/* The hooks of now, until the end of the expression in which this stands. */
class current
{
  public:
    current()
    {
        inside++;
    }
    current(const current &) = delete;
    ~current()
    {
        inside--;
    }
    seam_hooks *operator->() const
    {
        return present;
    }
};

/* ---- what stands in the table ---- */

static bool fails(DWORD error)
{
    if (error)
        SetLastError(error);
    return error != 0;
}

static std::wstring sddl_of(const SECURITY_ATTRIBUTES *security)
{
    WCHAR *text;
    std::wstring sddl;

    if (!security || !security->lpSecurityDescriptor)
        return sddl;
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(security->lpSecurityDescriptor, SDDL_REVISION_1,
                                                              DACL_SECURITY_INFORMATION, &text, nullptr))
        return L"(none that can be read)";
    sddl = text;
    LocalFree(text);
    return sddl;
}

static HANDLE WINAPI seam_create_named_pipe(const WCHAR *name, DWORD open_mode, DWORD pipe_mode, DWORD max_instances,
                                            DWORD out_size, DWORD in_size, DWORD timeout, SECURITY_ATTRIBUTES *security)
{
    pipe_creation creation = {name,    open_mode, pipe_mode, max_instances, out_size,
                              in_size, timeout,   false,     L"",           INVALID_HANDLE_VALUE};
    DWORD error = current()->create_named_pipe ? current()->create_named_pipe() : 0;

    if (!error && current()->create_instance)
        error = current()->create_instance(name, open_mode);
    creation.inheritable = security && security->bInheritHandle;
    creation.sddl = sddl_of(security);
    if (!error)
    {
        creation.handle =
            table.create_named_pipe(name, open_mode, pipe_mode, max_instances, out_size, in_size, timeout, security);
        error = creation.handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    }
    lock_acquire(&creations_lock);
    made.push_back(creation);
    lock_release(&creations_lock);
    SetLastError(error);
    return creation.handle;
}

static BOOL WINAPI seam_connect_named_pipe(HANDLE pipe, OVERLAPPED *overlapped)
{
    if (current()->connect_named_pipe && fails(current()->connect_named_pipe(pipe)))
        return FALSE;
    return table.connect_named_pipe(pipe, overlapped);
}

static BOOL WINAPI seam_disconnect_named_pipe(HANDLE pipe)
{
    if (current()->disconnect_named_pipe)
        current()->disconnect_named_pipe(pipe);
    return table.disconnect_named_pipe(pipe);
}

static BOOL WINAPI seam_read_file(HANDLE file, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    if (current()->read_file && fails(current()->read_file(file, size)))
        return FALSE;
    if (current()->reads_at_most)
        size = current()->reads_at_most(size);
    DWORD error = table.read_file(file, data, size, done, overlapped) ? 0 : GetLastError();
    if (current()->read_returned)
        current()->read_returned(overlapped, error);
    SetLastError(error);
    return error == 0;
}

static BOOL WINAPI seam_write_file(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    if (current()->write_file && fails(current()->write_file(file, size)))
        return FALSE;
    return table.write_file(file, data, size, done, overlapped);
}

static HANDLE WINAPI seam_create_file(const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                                      DWORD disposition, DWORD flags, HANDLE template_file)
{
    if (current()->create_file && fails(current()->create_file(path, access, flags)))
        return INVALID_HANDLE_VALUE;
    std::wstring instead = current()->opens_instead ? current()->opens_instead(path) : path;
    HANDLE file = table.create_file(instead.c_str(), access, share, security, disposition, flags, template_file);
    if (file == INVALID_HANDLE_VALUE)
        return file;
    lock_acquire(&opened_lock);
    opened.push_back(file);
    lock_release(&opened_lock);
    return file;
}

static BOOL WINAPI seam_peek_named_pipe(HANDLE pipe, void *data, DWORD size, DWORD *read, DWORD *waiting, DWORD *left)
{
    if (current()->peek_named_pipe && fails(current()->peek_named_pipe(pipe)))
        return FALSE;
    if (!table.peek_named_pipe(pipe, data, size, read, waiting, left))
        return FALSE;
    if (current()->message_left && left)
        *left = current()->message_left(*left);
    return TRUE;
}

static BOOL WINAPI seam_device_io_control(HANDLE file, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                                          DWORD *done, OVERLAPPED *overlapped)
{
    if (current()->peek_named_pipe && fails(current()->peek_named_pipe(file)))
        return FALSE;
    if (current()->peek_afar)
        return fails(current()->peek_afar(static_cast<ULONG *>(out), overlapped)) ? FALSE : TRUE;
    DWORD error =
        table.device_io_control(file, code, in, in_size, out, out_size, done, overlapped) ? 0 : GetLastError();
    if (current()->message_left && (!error || error == ERROR_MORE_DATA))
        static_cast<ULONG *>(out)[3] = current()->message_left(static_cast<ULONG *>(out)[3]);
    return fails(error) ? FALSE : TRUE;
}

static BOOL WINAPI seam_client_computer(HANDLE pipe, WCHAR *name, ULONG size)
{
    std::pair<std::wstring, DWORD> answer = current()->client_computer(pipe);

    if (fails(answer.second))
        return FALSE;
    EXPECT_LT(answer.first.size() * sizeof(WCHAR), size);
    wcscpy(name, answer.first.c_str());
    return TRUE;
}

static FARPROC WINAPI seam_get_proc_address(HMODULE module, const char *name)
{
    if (current()->get_proc_address)
        current()->get_proc_address(name);
    if (current()->client_computer && !strcmp(name, "GetNamedPipeClientComputerNameW"))
        return reinterpret_cast<FARPROC>(reinterpret_cast<void *>(seam_client_computer));
    return table.get_proc_address(module, name);
}

static BOOL WINAPI seam_close_handle(HANDLE pipe)
{
    if (current()->close_handle)
        current()->close_handle(pipe);
    BOOL ok = table.close_handle(pipe);
    lock_acquire(&opened_lock);
    auto found = std::find(opened.begin(), opened.end(), pipe);
    if (found != opened.end())
        opened.erase(found);
    lock_release(&opened_lock);
    WakeAllConditionVariable(&opened_closed);
    return ok;
}

static BOOL WINAPI seam_wait_named_pipe(const WCHAR *path, DWORD ms)
{
    if (current()->wait_named_pipe && fails(current()->wait_named_pipe(path)))
        return FALSE;
    return table.wait_named_pipe(path, ms);
}

static ULONGLONG WINAPI seam_tick_count()
{
    return current()->sleep ? time_slept.load() : table.tick_count();
}

static void WINAPI seam_sleep(DWORD ms)
{
    if (!current()->sleep)
        return table.sleep(ms);
    time_slept += ms;
    current()->sleep(ms);
}

static HANDLE WINAPI seam_create_io_completion_port(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads)
{
    if (current()->create_io_completion_port && fails(current()->create_io_completion_port()))
        return nullptr;
    HANDLE made_port = table.create_io_completion_port(file, port, key, threads);
    if (current()->port_created && file == INVALID_HANDLE_VALUE)
        current()->port_created(made_port);
    return made_port;
}

static HANDLE WINAPI seam_create_thread(SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start,
                                        void *argument, DWORD flags, DWORD *id)
{
    HANDLE thread;

    if (current()->create_thread && fails(current()->create_thread()))
        return nullptr;
    thread = table.create_thread(security, stack, start, argument, flags, id);
    if (current()->thread_created)
        current()->thread_created();
    return thread;
}

/* A search in a list of a test's own. */
struct pipe_search
{
    std::vector<std::wstring> names;
    size_t next = 0;
};

static BOOL WINAPI seam_find_next_file(HANDLE search, WIN32_FIND_DATAW *found)
{
    if (!current()->list_pipes)
        return table.find_next_file(search, found);
    pipe_search *own = static_cast<pipe_search *>(search);
    if (own->next == own->names.size())
        return fails(current()->list_ends_with), FALSE;
    *found = {};
    wcsncpy(found->cFileName, own->names[own->next++].c_str(), MAX_PATH - 1);
    return TRUE;
}

static HANDLE WINAPI seam_find_first_file(const WCHAR *pattern, WIN32_FIND_DATAW *found)
{
    if (current()->find_first_file)
        current()->find_first_file(pattern);
    if (!current()->list_pipes)
        return table.find_first_file(pattern, found);
    pipe_search *own = new pipe_search{current()->list_pipes()};
    if (seam_find_next_file(own, found))
    {
        current()->open_searches++;
        return own;
    }
    delete own;
    return INVALID_HANDLE_VALUE;
}

static BOOL WINAPI seam_find_close(HANDLE search)
{
    if (!current()->list_pipes)
        return table.find_close(search);
    delete static_cast<pipe_search *>(search);
    current()->open_searches--;
    return TRUE;
}

static BOOL WINAPI seam_impersonate_client(HANDLE pipe)
{
    if (current()->impersonate_client && fails(current()->impersonate_client(pipe)))
        return FALSE;
    return table.impersonate_named_pipe_client(pipe);
}

static BOOL WINAPI seam_revert_to_self()
{
    if (current()->revert_to_self && fails(current()->revert_to_self()))
        return FALSE;
    return table.revert_to_self();
}

static BOOL WINAPI seam_lookup_account(const WCHAR *computer, PSID sid, WCHAR *name, DWORD *name_size, WCHAR *domain,
                                       DWORD *domain_size, SID_NAME_USE *use)
{
    if (current()->lookup_account && fails(current()->lookup_account()))
        return FALSE;
    return table.lookup_account_sid(computer, sid, name, name_size, domain, domain_size, use);
}

static BOOL WINAPI seam_read_sddl(const WCHAR *text, DWORD revision, PSECURITY_DESCRIPTOR *out, ULONG *size)
{
    if (current()->read_sddl)
        current()->read_sddl(text);
    return table.read_sddl(text, revision, out, size);
}

static BOOL WINAPI seam_access_check(PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD wanted,
                                     GENERIC_MAPPING *mapping, PRIVILEGE_SET *privileges, DWORD *size, DWORD *granted,
                                     BOOL *may)
{
    if (current()->access_check)
        current()->access_check(descriptor);
    return table.access_check(descriptor, token, wanted, mapping, privileges, size, granted, may);
}

/* An integrity of a test's own, and its SID behind it. */
static BOOL give_integrity(void *out, DWORD size, DWORD *needed)
{
    TOKEN_MANDATORY_LABEL *label = static_cast<TOKEN_MANDATORY_LABEL *>(out);
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_MANDATORY_LABEL_AUTHORITY;

    *needed = static_cast<DWORD>(sizeof(*label) + GetSidLengthRequired(1));
    if (size < *needed)
        return fails(ERROR_INSUFFICIENT_BUFFER), FALSE;
    label->Label.Attributes = SE_GROUP_INTEGRITY;
    label->Label.Sid = label + 1;
    InitializeSid(label->Label.Sid, &authority, 1);
    *GetSidSubAuthority(label->Label.Sid, 0) = current()->integrity;
    return TRUE;
}

/* Groups of a test's own, and their SIDs behind them. */
static BOOL WINAPI seam_get_token_information(HANDLE token, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size,
                                              DWORD *needed)
{
    if (kind == TokenIntegrityLevel && current()->integrity)
        return give_integrity(out, size, needed);
    if (kind != TokenGroups || !current()->token_groups)
        return table.get_token_information(token, kind, out, size, needed);
    std::vector<WELL_KNOWN_SID_TYPE> types = current()->token_groups();
    TOKEN_GROUPS *groups = static_cast<TOKEN_GROUPS *>(out);
    const size_t head = sizeof(*groups) + types.size() * sizeof(groups->Groups[0]);
    *needed = static_cast<DWORD>(head + types.size() * SECURITY_MAX_SID_SIZE);
    if (size < *needed)
        return fails(ERROR_INSUFFICIENT_BUFFER), FALSE;
    groups->GroupCount = static_cast<DWORD>(types.size());
    for (size_t i = 0; i < types.size(); i++)
    {
        DWORD room = SECURITY_MAX_SID_SIZE;
        groups->Groups[i].Sid = static_cast<BYTE *>(out) + head + i * SECURITY_MAX_SID_SIZE;
        CreateWellKnownSid(types[i], nullptr, groups->Groups[i].Sid, &room);
    }
    return TRUE;
}

static BOOL WINAPI seam_get_computer_name(COMPUTER_NAME_FORMAT format, WCHAR *name, DWORD *size)
{
    if (!current()->computer_name)
        return table.get_computer_name(format, name, size);
    std::wstring own = current()->computer_name(format);
    if (own.empty() || own.size() >= *size)
        return fails(ERROR_MORE_DATA), FALSE;
    wcscpy(name, own.c_str());
    *size = static_cast<DWORD>(own.size());
    return TRUE;
}

static void *seam_allocate(size_t size)
{
    void *memory = nullptr;
    LONGLONG used, peak;

    if (!current()->allocate || current()->allocate(size))
        memory = table.allocate(size);
    if (!memory)
        return nullptr;
    blocks++;
    used = bytes_used += static_cast<LONGLONG>(HeapSize(GetProcessHeap(), 0, memory));
    for (peak = bytes_peak; used > peak && !bytes_peak.compare_exchange_weak(peak, used);)
        ;
    return memory;
}

/* What is freed is filled first, so that whoever still looks at it is found. */
static void seam_release(void *memory)
{
    const SIZE_T size = HeapSize(GetProcessHeap(), 0, memory);

    bytes_used -= static_cast<LONGLONG>(size);
    memset(memory, 0xDD, size);
    table.release(memory);
    lock_acquire(&blocks_lock);
    blocks--;
    lock_release(&blocks_lock);
    WakeAllConditionVariable(&block_freed);
}

/* ---- for the test ---- */

seams::seams() : blocks_before(blocks)
{
    table = win32;
    present = this;
    win32.create_named_pipe = seam_create_named_pipe;
    win32.connect_named_pipe = seam_connect_named_pipe;
    win32.disconnect_named_pipe = seam_disconnect_named_pipe;
    win32.read_file = seam_read_file;
    win32.write_file = seam_write_file;
    win32.create_file = seam_create_file;
    win32.wait_named_pipe = seam_wait_named_pipe;
    win32.tick_count = seam_tick_count;
    win32.sleep = seam_sleep;
    win32.peek_named_pipe = seam_peek_named_pipe;
    win32.device_io_control = seam_device_io_control;
    win32.get_proc_address = seam_get_proc_address;
    win32.close_handle = seam_close_handle;
    win32.create_io_completion_port = seam_create_io_completion_port;
    win32.create_thread = seam_create_thread;
    win32.find_first_file = seam_find_first_file;
    win32.find_next_file = seam_find_next_file;
    win32.find_close = seam_find_close;
    win32.get_computer_name = seam_get_computer_name;
    win32.impersonate_named_pipe_client = seam_impersonate_client;
    win32.revert_to_self = seam_revert_to_self;
    win32.lookup_account_sid = seam_lookup_account;
    win32.get_token_information = seam_get_token_information;
    win32.read_sddl = seam_read_sddl;
    win32.access_check = seam_access_check;
    win32.allocate = seam_allocate;
    win32.release = seam_release;
}

seams::~seams()
{
    win32 = table;
    present = &none;
    while (inside)
        Sleep(1);
    std::vector<pipe_creation>().swap(made);
    std::vector<HANDLE>().swap(opened);
}

std::vector<pipe_creation> seams::creations() const
{
    lock_acquire(&creations_lock);
    std::vector<pipe_creation> copy = made;
    lock_release(&creations_lock);
    return copy;
}

size_t seams::pipes_created() const
{
    size_t count = 0;

    for (const pipe_creation &creation : creations())
        count += creation.handle != INVALID_HANDLE_VALUE;
    return count;
}

LONGLONG seams::bytes_in_use()
{
    return bytes_used;
}

LONGLONG seams::peak_bytes()
{
    return bytes_peak;
}

void seams::reset_peak()
{
    bytes_peak = bytes_used.load();
}

bool seams::all_freed(DWORD ms) const
{
    bool freed;

    lock_acquire(&blocks_lock);
    while (!(freed = blocks <= blocks_before) && lock_wait(&blocks_lock, &block_freed, ms))
        ;
    lock_release(&blocks_lock);
    return freed;
}

bool seams::all_closed(DWORD ms) const
{
    bool closed;

    lock_acquire(&opened_lock);
    while (!(closed = opened.empty()) && lock_wait(&opened_lock, &opened_closed, ms))
        ;
    lock_release(&opened_lock);
    return closed;
}

std::function<DWORD()> fails_once(unsigned nth, DWORD error)
{
    auto calls = std::make_shared<std::atomic<unsigned>>(0);

    return [=] { return ++*calls == nth ? error : 0; };
}

BOOL WINAPI refuse_to_resume(HANDLE *thread, HANDLE token)
{
    if (!token)
        return SetThreadToken(thread, token);
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}
