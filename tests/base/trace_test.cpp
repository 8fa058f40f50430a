extern "C" {
#include "base/trace.h"
}

#include "support/debugger_lines.h"

#include <gtest/gtest.h>

namespace
{

std::wstring heard;

LONG CALLBACK hear(EXCEPTION_POINTERS *exception)
{
    const auto line = debugger_line_of(*exception->ExceptionRecord);

    if (!line)
        return EXCEPTION_CONTINUE_SEARCH;
    heard += *line;
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
