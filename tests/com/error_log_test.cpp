/* The last errors of the process. Other tests have noted errors before: each looks at its own. */

extern "C" {
#include "com/error_log.h"
}

#include <gtest/gtest.h>

#include <string>

namespace
{

void add(const std::wstring &what, LONG number, const std::wstring &sentence)
{
    error_place place = {L"server", 7, 3, what.c_str()};

    error_log_add(&place, number, sentence.c_str());
}

error_entry_view entry(unsigned index)
{
    error_entry_view e = {};

    EXPECT_TRUE(error_log_get(index, &e));
    return e;
}

TEST(ErrorLog, GivesTheNewestFirst)
{
    add(L"One", 1, L"The first.");
    add(L"Two", 2, L"The second.");

    EXPECT_STREQ(entry(0).place, L"server 7, connection 3: Two");
    EXPECT_STREQ(entry(0).sentence, L"The second.");
    EXPECT_EQ(entry(0).number, 2);
    EXPECT_STREQ(entry(1).place, L"server 7, connection 3: One");
}

TEST(ErrorLog, NamesWhatIsKnownOfThePlace)
{
    error_place of_object = {L"manager", 4, 0, L"TraceFile"}, of_nobody = {nullptr, 0, 0, L"NamedPipeServer.Start"};

    error_log_add(&of_object, 1, L"A");
    error_log_add(&of_nobody, 1, L"B");

    EXPECT_STREQ(entry(1).place, L"manager 4: TraceFile");
    EXPECT_STREQ(entry(0).place, L"NamedPipeServer.Start");
}

TEST(ErrorLog, NamesAMemberByItsFunction)
{
    error_log_add_function("NamedPipeServer_putref_EventSink", 1, L"A");
    EXPECT_STREQ(entry(0).place, L"NamedPipeServer.EventSink");
    error_log_add_function("NamedPipeServerConnection_get_CustomData", 1, L"A");
    EXPECT_STREQ(entry(0).place, L"NamedPipeServerConnection.CustomData");
    error_log_add_function("NamedPipeServer_Start", 1, L"A");
    EXPECT_STREQ(entry(0).place, L"NamedPipeServer.Start");
}

TEST(ErrorLog, CountsWhatComesAgain)
{
    add(L"Once", 1, L"Alone.");
    for (int i = 0; i < 5; i++)
        add(L"Again", 9, L"The same.");

    EXPECT_EQ(entry(0).times, 5u);
    EXPECT_EQ(entry(1).times, 1u);
    EXPECT_STREQ(entry(1).sentence, L"Alone.");
}

TEST(ErrorLog, KeepsTheLast20)
{
    error_entry_view none;

    for (int i = 0; i < 50; i++)
        add(L"Many", i, L"One of many.");

    EXPECT_EQ(entry(ERROR_LOG_MOST - 1).number, 50 - ERROR_LOG_MOST);
    EXPECT_FALSE(error_log_get(ERROR_LOG_MOST, &none));
}

TEST(ErrorLog, CutsWhatIsTooLong)
{
    add(std::wstring(500, L'p'), 1, std::wstring(2000, L's'));

    EXPECT_EQ(wcslen(entry(0).place), size_t{ERROR_LOG_PLACE} - 1);
    EXPECT_EQ(wcslen(entry(0).sentence), size_t{ERROR_LOG_SENTENCE} - 1);
}

} // namespace
