#include "base/win32.h"

static void *heap_allocate(size_t size)
{
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
}

static void heap_release(void *memory)
{
    HeapFree(GetProcessHeap(), 0, memory);
}

win32_calls win32 = {
    .create_named_pipe = CreateNamedPipeW,
    .connect_named_pipe = ConnectNamedPipe,
    .disconnect_named_pipe = DisconnectNamedPipe,
    .read_file = ReadFile,
    .write_file = WriteFile,
    .create_file = CreateFileW,
    .wait_named_pipe = WaitNamedPipeW,
    .peek_named_pipe = PeekNamedPipe,
    .device_io_control = DeviceIoControl,
    .close_handle = CloseHandle,
    .create_io_completion_port = CreateIoCompletionPort,
    .create_thread = CreateThread,
    .open_thread_token = OpenThreadToken,
    .set_thread_token = SetThreadToken,
    .impersonate_named_pipe_client = ImpersonateNamedPipeClient,
    .revert_to_self = RevertToSelf,
    .get_token_information = GetTokenInformation,
    .lookup_account_sid = LookupAccountSidW,
    .read_sddl = ConvertStringSecurityDescriptorToSecurityDescriptorW,
    .access_check = AccessCheck,
    .find_first_file = FindFirstFileW,
    .find_next_file = FindNextFileW,
    .find_close = FindClose,
    .tick_count = GetTickCount64,
    .sleep = Sleep,
    .get_proc_address = GetProcAddress,
    .get_computer_name = GetComputerNameExW,
    .allocate = heap_allocate,
    .release = heap_release,
};

void *mem_alloc(size_t size)
{
    return win32.allocate(size);
}

void mem_free(void *memory)
{
    if (memory)
        win32.release(memory);
}
