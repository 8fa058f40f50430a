#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/consumer_object.h"
#include "support/com/fake_connection.h"

extern "C" {
#include "com/bytes.h"
#include "com/events.h"
#include "com/pipe_event_object.h"
}

#include <gtest/gtest.h>

namespace
{

class PipeEvent : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    com_ptr<INamedPipeEvent> event;

    void make(NamedPipeEventKind kind, IDispatch *connection = nullptr, const VARIANT &cookie = variant(),
              SAFEARRAY *data = nullptr, LONG number = 0, const wchar_t *description = nullptr)
    {
        bstr text(description ? description : L"");
        stored *h;

        ASSERT_EQ(stored_create(&cookie, &h), S_OK);
        ASSERT_EQ(pipe_event_object_create(kind, connection, h, data, number, description ? text.get() : nullptr,
                                           event.put()),
                  S_OK);
    }

    std::wstring name()
    {
        bstr value;

        EXPECT_EQ(event->get_Name(value.put()), S_OK);
        return value.str();
    }
};

TEST_F(PipeEvent, HasTheNameOfItsKind)
{
    NamedPipeEventKind kind;

    make(NamedPipeEventClientMessageReceived);

    EXPECT_EQ(name(), L"ClientMessageReceived");
    EXPECT_EQ(event->get_Kind(&kind), S_OK);
    EXPECT_EQ(kind, NamedPipeEventClientMessageReceived);
}

TEST_F(PipeEvent, HasANameForEachKind)
{
    EXPECT_STREQ(event_name(NamedPipeEventServerReady), L"ServerReady");
    EXPECT_STREQ(event_name(NamedPipeEventClientConnected), L"ClientConnected");
    EXPECT_STREQ(event_name(NamedPipeEventClientDisconnected), L"ClientDisconnected");
    EXPECT_STREQ(event_name(NamedPipeEventClientMessageSent), L"ClientMessageSent");
    EXPECT_STREQ(event_name(NamedPipeEventClientError), L"ClientError");
    EXPECT_STREQ(event_name(NamedPipeEventServerError), L"ServerError");
    EXPECT_EQ(event_name(static_cast<NamedPipeEventKind>(0)), nullptr);
    EXPECT_EQ(event_name(static_cast<NamedPipeEventKind>(99)), nullptr);
}

TEST_F(PipeEvent, OfTheServerIsEmptyButForItsName)
{
    com_ptr<IDispatch> connection;
    variant cookie(1), data = variant::of_type(VT_ARRAY | VT_UI1);
    bstr text, description;
    LONG number = 99;

    make(NamedPipeEventServerReady);

    EXPECT_EQ(event->get_Connection(connection.put()), S_OK);
    EXPECT_FALSE(connection);
    EXPECT_EQ(event->get_Cookie(&cookie), S_OK);
    EXPECT_EQ(cookie.vt, VT_EMPTY);
    EXPECT_EQ(event->get_Data(&data.parray), S_OK);
    EXPECT_EQ(elements_of(data.parray), std::vector<int>{});
    EXPECT_EQ(event->get_Text(text.put()), S_OK);
    EXPECT_NE(text.get(), nullptr);
    EXPECT_EQ(text.str(), L"");
    EXPECT_EQ(event->get_Number(&number), S_OK);
    EXPECT_EQ(number, 0);
    EXPECT_EQ(event->get_Description(description.put()), S_OK);
    EXPECT_NE(description.get(), nullptr);
}

TEST_F(PipeEvent, HoldsItsConnection)
{
    com_ptr<INamedPipeServerConnection> given(fake_connection_create(1));
    com_ptr<IDispatch> connection;

    make(NamedPipeEventClientConnected, given.get());

    EXPECT_EQ(event->get_Connection(connection.put()), S_OK);
    EXPECT_EQ(connection.get(), static_cast<IDispatch *>(given.get()));
}

TEST_F(PipeEvent, GivesItsDataAnewEachTime)
{
    variant first = variant::of_type(VT_ARRAY | VT_UI1), second = variant::of_type(VT_ARRAY | VT_UI1);

    make(NamedPipeEventClientMessageReceived, nullptr, variant(), bytes_to_array("\1\2", 2));

    EXPECT_EQ(event->get_Data(&first.parray), S_OK);
    EXPECT_EQ(event->get_Data(&second.parray), S_OK);
    EXPECT_EQ(elements_of(first.parray), (std::vector<int>{1, 2}));
    EXPECT_NE(first.parray, second.parray);
}

TEST_F(PipeEvent, GivesItsDataAsJson)
{
    const char text[] = "\xEF\xBB\xBF[1,\"\xE2\x82\xAC\"]";
    variant value;

    make(NamedPipeEventClientMessageReceived, nullptr, variant(), bytes_to_array(text, sizeof(text) - 1));

    ASSERT_EQ(event->get_Json(&value), S_OK);
    ASSERT_EQ(value.vt, VT_ARRAY | VT_VARIANT);
    EXPECT_STREQ(static_cast<const VARIANT *>(value.parray->pvData)[1].bstrVal, L"\u20AC");
}

TEST_F(PipeEvent, WithoutJsonIsErrorFiveWithASentence)
{
    variant value;

    make(NamedPipeEventClientMessageReceived, nullptr, variant(), bytes_to_array("", 0));

    EXPECT_EQ(event->get_Json(&value), vb_error(5));
    EXPECT_NE(take_error_sentence().find(L"line 1, column 1"), std::wstring::npos);
}

TEST_F(PipeEvent, WithoutAMessageHasNoJsonAndSaysSo)
{
    variant value;

    make(NamedPipeEventClientConnected);

    EXPECT_EQ(event->get_Json(&value), vb_error(5));
    EXPECT_NE(take_error_sentence().find(L"no message"), std::wstring::npos);
    EXPECT_EQ(event->get_Json(nullptr), E_POINTER);
}

TEST_F(PipeEvent, GivesItsDataAsText)
{
    bstr text;

    make(NamedPipeEventClientMessageReceived, nullptr, variant(), bytes_to_array("h\xC3\xA4!", 4));

    EXPECT_EQ(event->get_Text(text.put()), S_OK);
    EXPECT_EQ(text.str(), L"h\u00E4!");
}

TEST_F(PipeEvent, TellsWhatWentWrong)
{
    bstr description;
    LONG number;

    make(NamedPipeEventServerError, nullptr, variant(), nullptr, 5, L"Access is denied.");

    EXPECT_EQ(event->get_Number(&number), S_OK);
    EXPECT_EQ(number, 5);
    EXPECT_EQ(event->get_Description(description.put()), S_OK);
    EXPECT_EQ(description.str(), L"Access is denied.");
}

TEST_F(PipeEvent, GivesItsCookie)
{
    variant cookie;

    make(NamedPipeEventClientMessageSent, nullptr, variant(L"mine"));

    EXPECT_EQ(event->get_Cookie(&cookie), S_OK);
    EXPECT_STREQ(cookie.bstrVal, L"mine");
}

TEST_F(PipeEvent, GivesTheObjectInItsCookie)
{
    auto fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> object = make_consumer_object(fate);
    variant cookie;

    make(NamedPipeEventClientMessageSent, nullptr, variant(object.get()));

    EXPECT_EQ(event->get_Cookie(&cookie), S_OK);
    EXPECT_EQ(cookie.vt, VT_DISPATCH);
    EXPECT_EQ(cookie.pdispVal, object.get());
}

TEST_F(PipeEvent, NeedsAPointerForTheResult)
{
    make(NamedPipeEventServerReady);

    EXPECT_EQ(event->get_Name(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Kind(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Connection(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Cookie(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Data(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Text(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Number(nullptr), E_POINTER);
    EXPECT_EQ(event->get_Description(nullptr), E_POINTER);
}

} // namespace
