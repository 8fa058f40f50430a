extern "C" {
#include "base/win32.h"
}

#include "support/leaks.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

size_t size_asked_for;
void *memory_released;

void *note_allocate(size_t size)
{
    size_asked_for = size;
    return nullptr;
}

void note_release(void *memory)
{
    memory_released = memory;
}

} // namespace

TEST(Memory, IsZeroed)
{
    leak_check check;
    constexpr size_t size = 100000;

    /* What was freed dirty comes back clean. */
    BYTE *dirty = static_cast<BYTE *>(mem_alloc(size));
    std::fill(dirty, dirty + size, BYTE{0xff});
    mem_free(dirty);
    BYTE *memory = static_cast<BYTE *>(mem_alloc(size));

    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(std::count(memory, memory + size, 0), static_cast<ptrdiff_t>(size));
    mem_free(memory);
}

TEST(Memory, IsNullWhereThereIsNone)
{
    EXPECT_EQ(mem_alloc(SIZE_MAX / 2), nullptr);
}

TEST(Memory, MayBeNullWhenItIsFreed)
{
    mem_free(nullptr);
}

TEST(Memory, ComesFromTheTableThatATestMayWriteTo)
{
    const win32_calls real = win32;
    int nothing;
    win32.allocate = note_allocate;
    win32.release = note_release;

    void *memory = mem_alloc(123);
    mem_free(&nothing);
    mem_free(nullptr);

    win32 = real;
    EXPECT_EQ(memory, nullptr);
    EXPECT_EQ(size_asked_for, 123u);
    EXPECT_EQ(memory_released, &nothing);
}

TEST(Win32, CallsTheSystemItself)
{
    HANDLE file = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    char byte = 0;
    DWORD done = 0;

    EXPECT_TRUE(win32.write_file(file, &byte, 1, &done, nullptr));
    EXPECT_EQ(done, 1u);
    EXPECT_TRUE(win32.read_file(file, &byte, 1, &done, nullptr));
    EXPECT_EQ(done, 0u);

    CloseHandle(file);
}
