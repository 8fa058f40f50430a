/* What is said of a handler that failed. */

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"

extern "C" {
#include "com/error.h"
#include "com/failure.h"
}

#include <gtest/gtest.h>

namespace
{

class Failure : public testing::Test
{
  protected:
    com_leak_check leaks;
    EXCEPINFO exception = {};

    void SetUp() override
    {
        error_clear();
    }
    std::wstring of(HRESULT hr, const event_shape &shape = server_events[PIPE_MESSAGE])
    {
        BSTR made = failure_describe(&shape, hr, &exception);
        std::wstring text(made ? made : L"none");

        SysFreeString(made);
        SysFreeString(exception.bstrDescription);
        exception.bstrDescription = nullptr;
        return text;
    }
    std::wstring of_exception(HRESULT code, const wchar_t *description)
    {
        exception.scode = code;
        exception.bstrDescription = SysAllocString(description);
        return of(DISP_E_EXCEPTION);
    }
};

constexpr HRESULT vb(int number)
{
    return static_cast<HRESULT>(0x800A0000 + number);
}

TEST_F(Failure, OfWrongParametersSaysWhichTheEventHas)
{
    const std::wstring said = L"the handler must take the parameters of this event: ";

    for (HRESULT hr : {DISP_E_BADPARAMCOUNT, DISP_E_PARAMNOTFOUND, DISP_E_PARAMNOTOPTIONAL})
        EXPECT_EQ(of(hr), said + L"Connection, Cookie, Data") << std::hex << hr;
    for (HRESULT hr : {DISP_E_TYPEMISMATCH, DISP_E_BADVARTYPE})
        EXPECT_EQ(of(hr), said + L"Connection, Cookie, Data; or a value in it has the wrong type") << std::hex << hr;
    EXPECT_EQ(of(DISP_E_BADPARAMCOUNT, server_events[PIPE_CONNECTED]), said + L"Connection");
    EXPECT_EQ(of(DISP_E_BADPARAMCOUNT, server_events[PIPE_CONNECTION_ERROR]),
              said + L"Connection, Number, Description");
    EXPECT_EQ(of(DISP_E_BADPARAMCOUNT, client_events[PIPE_MESSAGE]), said + L"Cookie, Data");
    EXPECT_EQ(of(DISP_E_BADPARAMCOUNT, server_events[PIPE_READY]),
              L"the handler must take no parameters, as this event has none");
}

TEST_F(Failure, OfAWrongCountThatTheHostHasWordsForSaysBoth)
{
    EXPECT_EQ(
        of_exception(vb(450), L"Wrong number of arguments"),
        L"Wrong number of arguments; the handler must take the parameters of this event: Connection, Cookie, Data");
    EXPECT_EQ(of_exception(vb(449), nullptr),
              L"the handler must take the parameters of this event: Connection, Cookie, Data");
    EXPECT_EQ(
        of_exception(DISP_E_BADPARAMCOUNT, L"Parameter count mismatch."),
        L"Parameter count mismatch.; the handler must take the parameters of this event: Connection, Cookie, Data");
}

TEST_F(Failure, IsWhatTheHandlerSaid)
{
    error_raise(ERROR_ID_NOT_CONNECTED);

    EXPECT_EQ(of_exception(vb(13), L"Type mismatch"), L"Type mismatch");
}

TEST_F(Failure, ThatIsAnErrorOfOursKeepsItsSentence)
{
    const HRESULT hr = error_raise(ERROR_ID_WRONG_ELEMENT, 2L, 300L);

    EXPECT_EQ(of(hr), L"Data(2) is 300; give numbers from 0 to 255.");
    EXPECT_EQ(of_exception(static_cast<HRESULT>(NamedPipeErrorNotConnected), nullptr).substr(0, 24),
              L"The connection has ended")
        << "also where the number alone came back";
}

TEST_F(Failure, OfWhichNothingIsKnownSaysSo)
{
    EXPECT_EQ(of(E_FAIL), L"the handler gave no description");
    EXPECT_EQ(of_exception(vb(11), nullptr), L"the handler gave no description");
}

TEST_F(Failure, HasTheCodeThatCameWithIt)
{
    exception.scode = vb(11);

    EXPECT_EQ(failure_code(DISP_E_EXCEPTION, &exception), vb(11));
    EXPECT_EQ(failure_code(E_FAIL, &exception), E_FAIL);
    exception.scode = 0;
    EXPECT_EQ(failure_code(DISP_E_EXCEPTION, &exception), DISP_E_EXCEPTION);
}

} // namespace
