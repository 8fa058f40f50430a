#include "support/leaks.h"

extern "C" {
#include "base/win32.h"
}

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>

namespace
{

/* ---- what ntdll knows; the SDK's headers declare none of it ---- */

constexpr int system_handle_information = 16;
constexpr int thread_start_address = 9;
constexpr LONG info_length_mismatch = static_cast<LONG>(0xC0000004);

struct handle_entry
{
    USHORT process; /* its lower 16 bits */
    USHORT creator;
    UCHAR type, flags;
    USHORT value;
    void *object;
    ACCESS_MASK access;
};

struct handle_table
{
    ULONG count;
    handle_entry entries[1];
};

template <typename function> function ntdll(const char *name)
{
    return reinterpret_cast<function>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name)));
}

/* Calls `found` with each handle of this process. GetProcessHandleCount tells nothing under Wine 8. */
template <typename function> void for_each_handle(function found)
{
    static const auto query =
        ntdll<LONG(NTAPI *)(int what, void *out, ULONG size, ULONG *needed)>("NtQuerySystemInformation");
    static std::vector<ULONG_PTR> memory(1 << 16); /* kept: it must not count as a leak */
    ULONG needed;

    while (query(system_handle_information, memory.data(), static_cast<ULONG>(memory.size() * sizeof(memory[0])),
                 &needed) == info_length_mismatch)
        memory.resize(memory.size() * 2);
    const auto *table = reinterpret_cast<const handle_table *>(memory.data());
    for (ULONG i = 0; i < table->count; i++)
        if (table->entries[i].process == static_cast<USHORT>(GetCurrentProcessId()))
            found(table->entries[i]);
}

/* What a handle's entry says of semaphores. */
UCHAR semaphore_type()
{
    HANDLE semaphore = CreateSemaphoreW(nullptr, 0, 1, nullptr);
    UCHAR type = 0;

    for_each_handle(
        [&](const handle_entry &entry)
        {
            if (entry.value == static_cast<USHORT>(reinterpret_cast<ULONG_PTR>(semaphore)))
                type = entry.type;
        });
    CloseHandle(semaphore);
    return type;
}

/* Calls `found` with each thread of this process that lives. A snapshot of Toolhelp's is one of all processes, and
 * takes twelve times as long. */
template <typename function> void for_each_thread(function found)
{
    static const auto next_of = ntdll<LONG(NTAPI *)(HANDLE process, HANDLE thread, ACCESS_MASK access, ULONG attributes,
                                                    ULONG flags, HANDLE * next)>("NtGetNextThread");
    HANDLE thread = nullptr, next = nullptr;

    while (next_of(GetCurrentProcess(), thread, THREAD_QUERY_INFORMATION | SYNCHRONIZE, 0, 0, &next) == 0)
    {
        if (thread)
            CloseHandle(thread);
        thread = next;
        if (WaitForSingleObject(thread, 0) != WAIT_OBJECT_0)
            found(thread);
    }
    if (thread)
        CloseHandle(thread);
}

/* Threads of the system's pools begin in ntdll. They come and go as it sees fit. */
bool is_a_thread_of_the_system(HANDLE thread)
{
    static const auto query =
        ntdll<LONG(NTAPI *)(HANDLE thread, int what, void *out, ULONG size, ULONG *needed)>("NtQueryInformationThread");
    void *start = nullptr;
    HMODULE module = nullptr;

    if (query(thread, thread_start_address, &start, sizeof(start), nullptr) == 0)
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           static_cast<const WCHAR *>(start), &module);
    return module == GetModuleHandleW(L"ntdll.dll");
}

std::vector<HANDLE> all_heaps()
{
    std::vector<HANDLE> heaps(64);

    heaps.resize(GetProcessHeaps(64, heaps.data()));
    return heaps;
}

/* Wine's debugging heap (WINEDEBUG=warn+heap) keeps the last 1,024 blocks that were freed. */
void push_out_freed_blocks()
{
    for (int i = 0; i < 1100; i++)
        HeapFree(GetProcessHeap(), 0, HeapAlloc(GetProcessHeap(), 0, 1));
}

/* ---- memory of mem_alloc ---- */

std::atomic<long long> blocks{0};
decltype(win32.allocate) real_allocate;
decltype(win32.release) real_release;

void *counted_allocate(size_t size)
{
    void *memory = real_allocate(size);

    blocks += memory != nullptr;
    return memory;
}

void counted_release(void *memory)
{
    real_release(memory);
    blocks--;
}

/* ---- what Windows makes once and keeps: made before anything is counted ---- */

void CALLBACK set_event(PTP_CALLBACK_INSTANCE, void *event, PTP_TIMER)
{
    SetEvent(event);
}

void use_a_pool_timer()
{
    HANDLE fired = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    PTP_TIMER timer = CreateThreadpoolTimer(set_event, fired, nullptr);
    FILETIME now = {};

    SetThreadpoolTimer(timer, &now, 0, 0);
    WaitForSingleObject(fired, 5000);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    CloseThreadpoolTimer(timer);
    CloseHandle(fired);
}

/* Not every layer links user32: where it is loaded, a test may make windows. */
void use_a_window()
{
    HMODULE user32 = GetModuleHandleW(L"user32.dll");

    if (!user32)
        return;
    const auto create = reinterpret_cast<decltype(&CreateWindowExW)>(
        reinterpret_cast<void *>(GetProcAddress(user32, "CreateWindowExW")));
    const auto destroy =
        reinterpret_cast<decltype(&DestroyWindow)>(reinterpret_cast<void *>(GetProcAddress(user32, "DestroyWindow")));
    destroy(create(0, L"STATIC", nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr, nullptr));
}

/* mingw-w64's threads share a lock, which makes itself an event once two of them want it. */
void use_threads()
{
    for (int round = 0; round < 8; round++)
    {
        std::vector<std::thread> threads;

        for (int i = 0; i < 8; i++)
            threads.emplace_back(use_a_window);
        for (std::thread &thread : threads)
            thread.join();
    }
}

/* With the first failure it starts a thread that watches this one, and tells the debugger. */
void use_googletest()
{
    SCOPED_TRACE("");
    OutputDebugStringA("");
    OutputDebugStringW(L"");
}

/* ---- the next round ---- */

std::string again;

void run_this_test_again()
{
    const testing::TestInfo *test = testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = std::string(test->test_suite_name()) + "." + test->name();

    if ((":" + again + ":").find(":" + name + ":") == std::string::npos)
        again += (again.empty() ? "" : ":") + name;
}

void use_windows_once()
{
    static bool used = false;

    if (used)
        return;
    used = true;
    use_a_pool_timer();
    use_a_window();
    use_threads();
    use_googletest();
    count_handles();
    count_threads();
}

} // namespace

unsigned count_handles()
{
    static const UCHAR semaphores = semaphore_type();
    unsigned count = 0;

    for_each_handle([&](const handle_entry &entry) { count += entry.type != semaphores; });
    return count;
}

unsigned count_threads()
{
    unsigned count = 0;

    for_each_thread([&](HANDLE thread) { count += !is_a_thread_of_the_system(thread); });
    return count;
}

size_t count_heap_bytes()
{
    size_t bytes = 0;

    push_out_freed_blocks();
    for (HANDLE heap : all_heaps())
    {
        PROCESS_HEAP_ENTRY entry = {};

        HeapLock(heap);
        while (HeapWalk(heap, &entry))
            bytes += entry.wFlags & PROCESS_HEAP_ENTRY_BUSY ? entry.cbData : 0;
        HeapUnlock(heap);
    }
    return bytes;
}

long long count_blocks()
{
    return blocks;
}

bool heaps_are_valid()
{
    bool valid = true;

    for (HANDLE heap : all_heaps())
        valid = valid && HeapValidate(heap, 0, nullptr);
    return valid;
}

leak_check::leak_check(std::vector<counter> others) : counters(std::move(others))
{
    use_windows_once();
    real_allocate = win32.allocate;
    real_release = win32.release;
    win32.allocate = counted_allocate;
    win32.release = counted_release;

    counters.push_back({"blocks of mem_alloc", count_blocks, 0, 1});
    counters.push_back({"threads", [] { return static_cast<long long>(count_threads()); }});
    counters.push_back({"handles", [] { return static_cast<long long>(count_handles()); }});
    counters.push_back(
        {"bytes of heap", [] { return static_cast<long long>(count_heap_bytes()); }, heap_allowance, heap_rounds});
    for (counter &c : counters)
        c.before = c.count();
}

int leak_check::round = 1;
unsigned leak_check::patience = 10000;

std::string leak_check::take_tests_to_run_again()
{
    return std::exchange(again, {});
}

std::string leak_check::complaint(int rounds) const
{
    std::string text;

    for (const counter &c : counters)
    {
        const long long now = c.count();

        if (c.rounds <= rounds && now > c.before + c.allowance)
            text += c.what + ": " + std::to_string(now) + " instead of " + std::to_string(c.before) + "\n";
    }
    return text;
}

/* Threads, pools and other threads' windows end a moment after what ended them, and set no event for it. */
bool leak_check::waits_in_vain() const
{
    const ULONGLONG began = GetTickCount64();

    for (ULONGLONG waited = 0; !complaint(heap_rounds).empty(); waited = GetTickCount64() - began)
    {
        if (waited >= patience || (waited >= patience / 20 && complaint(round).empty()))
            return true;
        Sleep(5);
    }
    return false;
}

leak_check::~leak_check()
{
    const bool left = waits_in_vain();

    win32.allocate = real_allocate;
    win32.release = real_release;
    const std::string too_much = complaint(round);

    EXPECT_EQ(too_much, "") << "is left behind";
    if (left && too_much.empty())
        run_this_test_again();
    EXPECT_TRUE(heaps_are_valid());
}
