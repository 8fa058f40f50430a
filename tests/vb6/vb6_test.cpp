/* In VB6.EXE, which this program is called, with a vba6.dll of the test's: what its EbMode says. */

#include "support/com/vba6.h"
#include "support/com/window_server.h"

#include <optional>

namespace
{

class InVb6 : public window_server_test
{
  protected:
    void TearDown() override
    {
        vba6->set_mode(1);
        window_server_test::TearDown();
        server.object.reset();
        c.reset();
        pump_until_windows_are_gone();
        vba6.reset();
    }

    /* Dispatches until EbMode was asked so many times more. */
    bool pump_until_asked(LONG many)
    {
        const LONG until = vba6->times_asked() + many;

        return pump_until([&] { return vba6->times_asked() >= until; });
    }

    std::optional<hosted_vba6> vba6{std::in_place};
};

TEST_F(InVb6, NothingIsRaisedInBreakModeAndEverythingAfterwardsInOrder)
{
    start_with_client();
    vba6->set_mode(2);
    ASSERT_EQ(client.write("1"), 0u);
    ASSERT_EQ(client.write("2"), 0u);
    ASSERT_TRUE(pump_until_asked(3));
    clock.advance(60);
    ASSERT_TRUE(pump_until_asked(3));
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 0u);

    vba6->set_mode(1);

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 1", "message 1 2"}));
    EXPECT_EQ(vba6->asked_on(), GetCurrentThreadId());
}

std::wstring page_of(INamedPipeServer *object)
{
    bstr page;

    EXPECT_EQ(object->Diagnose(page.put()), S_OK);
    return page.str();
}

TEST_F(InVb6, DiagnoseTellsOfBreakModeWithTheModulesName)
{
    start_with_client();
    EXPECT_NE(page_of(server.object.get()).find(L"  Break mode: vba6.dll says: the code runs"), std::wstring::npos);

    vba6->set_mode(2);

    std::wstring page = page_of(server.object.get());
    EXPECT_NE(page.find(L"The code is stopped in the debugger (break mode, by vba6.dll)"), std::wstring::npos) << page;
}

TEST_F(InVb6, DiagnoseAsksTheIdeOnItsOwnThreadAlone)
{
    std::wstring page;
    start_with_client();
    const LONG asked = vba6->times_asked();
    const DWORD home = GetCurrentThreadId();

    in_mta([&] { page = page_of(server.object.get()); }).join();

    EXPECT_NE(page.find(L"  Break mode: vba6.dll is loaded: while"), std::wstring::npos) << page;
    EXPECT_TRUE(vba6->times_asked() == asked || vba6->asked_on() == home);
}

TEST_F(InVb6, StopInBreakModeReturnsThoughEventsWait)
{
    start_with_client();
    vba6->set_mode(2);
    ASSERT_EQ(client.write("1"), 0u);
    ASSERT_TRUE(pump_until_asked(1));

    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_EQ(log->count(), 2u);
    vba6->set_mode(1);

    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 1", "disconnected 1"}));
}

TEST_F(InVb6, ASinkThatRefusesInBreakModeIsTriedAgainForLongerThanTenSeconds)
{
    int refused = 0;
    bool refuses = true;
    size_t taken = 0;
    start_with_client();
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [&](bare_call &) -> HRESULT
                     {
                         if (!refuses)
                             return taken++, S_OK;
                         vba6->set_mode(2); /* it stopped here */
                         refused++;
                         return static_cast<HRESULT>(0x800ADF09);
                     }));

    ASSERT_EQ(client.write("1"), 0u);
    ASSERT_TRUE(pump_until([&] { return refused == 1; }));
    clock.advance(60);
    ASSERT_TRUE(pump_until_asked(2));
    refuses = false;
    vba6->set_mode(1);

    EXPECT_TRUE(pump_until([&] { return taken == 1; }));
    EXPECT_EQ(last_event_error(server.object.get()), L"");
}

TEST_F(InVb6, TheSinksOwnThreadIsAskedThoughEventsAreFreeThreaded)
{
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    start_with_client();
    vba6->set_mode(2);
    ASSERT_EQ(client.write("1"), 0u);
    ASSERT_TRUE(pump_until_asked(2));
    EXPECT_EQ(vba6->asked_on(), GetCurrentThreadId());
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 0u);

    vba6->set_mode(1);

    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
}

} // namespace
