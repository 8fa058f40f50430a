/* The main function of all programs of tests. It says which check did not hold where one ends the program (check.h).
 * And it has more rounds for the tests after which the system may have kept something (leaks.h), of which it says only
 * what failed; the first one has counted its tests. */

#include "support/debugger_lines.h"
#include "support/leaks.h"

#include <gmock/gmock.h>

#include <cstdio>

namespace
{

class tells_failures : public testing::EmptyTestEventListener
{
    void OnTestPartResult(const testing::TestPartResult &result) override
    {
        if (result.failed())
            std::printf("%s:%d: Failure\n%s\n", result.file_name(), result.line_number(), result.message());
    }

    void OnTestEnd(const testing::TestInfo &test) override
    {
        if (test.result()->Failed())
            std::printf("[  FAILED  ] %s.%s, in a later round\n", test.test_suite_name(), test.name());
    }

    void OnTestProgramEnd(const testing::UnitTest &all) override
    {
        if (all.failed_test_count() > 0)
            std::printf("[  FAILED  ] %d tests in a later round\n", all.failed_test_count());
    }
};

LONG CALLBACK tell_failed_check(EXCEPTION_POINTERS *exception)
{
    const auto line = debugger_line_of(*exception->ExceptionRecord);

    if (line && line->find(L"this does not hold") != std::wstring::npos)
    {
        std::fprintf(stderr, "%ls\n", line->c_str());
        std::fflush(stderr);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

int run_again(const std::string &tests)
{
    std::printf("Once more: %s\n", tests.c_str());
    GTEST_FLAG_SET(filter, tests);
    GTEST_FLAG_SET(repeat, 1);
    return RUN_ALL_TESTS();
}

int run_until_nothing_more_is_left()
{
    testing::TestEventListeners &listeners = testing::UnitTest::GetInstance()->listeners();
    std::string tests = leak_check::take_tests_to_run_again();
    int result = 0;

    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new tells_failures);
    for (leak_check::round = 2; !tests.empty(); leak_check::round++)
    {
        result |= run_again(tests);
        tests = leak_check::take_tests_to_run_again();
    }
    return result;
}

} // namespace

int main(int argc, char **argv)
{
    testing::InitGoogleMock(&argc, argv);
    AddVectoredExceptionHandler(0, tell_failed_check);
    const int first = RUN_ALL_TESTS();
    const int later = run_until_nothing_more_is_left();

    return first != 0 ? first : later;
}
