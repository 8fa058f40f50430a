extern "C" {
#include "base/trace.h"
}

#include <gtest/gtest.h>

#include <string>

namespace
{

/* What OutputDebugString raises for a debugger: Windows 10's, and the one before. */
constexpr DWORD print_wide = 0x4001000A;
constexpr DWORD print_narrow = 0x40010006;

std::wstring heard;

LONG CALLBACK hear(EXCEPTION_POINTERS *exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    const void *text = reinterpret_cast<const void *>(record->ExceptionInformation[1]);

    if (record->ExceptionCode == print_wide)
        heard += static_cast<const wchar_t *>(text);
    else if (record->ExceptionCode == print_narrow)
        for (const char *c = static_cast<const char *>(text); *c; c++)
            heard += static_cast<wchar_t>(*c);
    else
        return EXCEPTION_CONTINUE_SEARCH;
    return EXCEPTION_CONTINUE_EXECUTION;
}

} // namespace

TEST(Trace, WritesALineWithOurNameToTheDebugger)
{
    heard.clear();
    void *handler = AddVectoredExceptionHandler(1, hear);

    trace(L"a handler failed");

    RemoveVectoredExceptionHandler(handler);
    EXPECT_EQ(heard, L"NamedPipeServer: a handler failed\n");
}
