/* Sinks that do not take an event now: their Basic is stopped in its debugger, or COM lets no call out. */

#include "support/com/client_in_mode.h"
#include "support/com/stand_in.h"
#include "support/com/vba6.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"

extern "C" {
#include "com/break_mode.h"
}

#include <optional>

namespace
{

constexpr HRESULT stopped_vba = static_cast<HRESULT>(0x800ADF09);
constexpr HRESULT stopped_vb6 = static_cast<HRESULT>(0x800A9C68);
constexpr HRESULT no_call_out = static_cast<HRESULT>(0x8001010D);

struct refusal
{
    const char *name;
    HRESULT hr, scode;
};

const refusal refusals[] = {
    {"Vba", stopped_vba, 0},
    {"Vb6", stopped_vb6, 0},
    {"VbaAsScode", DISP_E_EXCEPTION, stopped_vba},
    {"Vb6AsScode", DISP_E_EXCEPTION, stopped_vb6},
    {"InputSynchronous", no_call_out, 0},
};

HRESULT answer(bare_call &call, const refusal &how)
{
    if (how.scode)
        call.exception->scode = how.scode;
    return how.hr;
}

class BreakMode : public window_server_test
{
  protected:
    void TearDown() override
    {
        window_server_test::TearDown();
        EXPECT_EQ(vba6 ? vba6->times_asked() : 0, 0) << "EbMode is asked in VB6.EXE alone";
        server.object.reset();
        c.reset();
        pump_until_windows_are_gone();
        vba6.reset();
    }

    /* A sink that refuses its next `many` messages. */
    void listen_refusing(const refusal &how, int many)
    {
        left = many;
        listen_bare(when(NamedPipeEventClientMessageReceived,
                         [this, how](bare_call &call) -> HRESULT
                         {
                             if (left > 0)
                             {
                                 left--;
                                 return answer(call, how);
                             }
                             taken.push_back(call.text());
                             return S_OK;
                         }));
    }
    bool pump_until_taken(size_t many)
    {
        return pump_until([&] { return taken.size() >= many; });
    }

    std::optional<hosted_vba6> vba6{std::in_place};
    int left = 0;
    std::vector<std::string> taken;
};

class BreakModeAnswers : public BreakMode, public testing::WithParamInterface<refusal>
{
};

INSTANTIATE_TEST_SUITE_P(Each, BreakModeAnswers, testing::ValuesIn(refusals),
                         [](const auto &info) { return info.param.name; });

TEST_P(BreakModeAnswers, AnEventThatIsRefusedTwiceIsTakenWholeAndEarlierSinksAreNotCalledAgain)
{
    start_with_client();
    listen_refusing(GetParam(), 2);

    ASSERT_EQ(client.write("whole"), 0u);

    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_EQ(taken, lines{"whole"});
    EXPECT_EQ(left, 0);
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 1u);
    EXPECT_EQ(last_event_error(server.object.get()), L"");
}

TEST_P(BreakModeAnswers, AnEventThatIsRefusedForTenSecondsIsAFailureLikeAnyOther)
{
    start_with_client();
    listen_refusing(GetParam(), 1000000);
    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));
    ASSERT_EQ(client.write("next"), 0u);
    EXPECT_EQ(last_event_error(server.object.get()), L"");

    clock.advance(10);
    ASSERT_TRUE(pump_until([&] { return !last_event_error(server.object.get()).empty(); }));
    left = 0;

    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_EQ(taken, lines{"next"});
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 2u);
}

/* ---- which Basic it is ---- */

class BreakModeHost : public BreakMode, public testing::WithParamInterface<const wchar_t *>
{
};

INSTANTIATE_TEST_SUITE_P(Of, BreakModeHost, testing::Values(L"vbe6.dll", L"VBE7.DLL"),
                         [](const auto &info) { return std::string(info.param, info.param + 4); });

TEST_P(BreakModeHost, AnEventThatItRefusesIsTakenWhole)
{
    vba6.reset();
    stand_in basic(GetParam());
    start_with_client();
    listen_refusing(refusals[0], 2);

    ASSERT_EQ(client.write("whole"), 0u);

    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_EQ(taken, lines{"whole"});
    EXPECT_EQ(last_event_error(server.object.get()), L"");
}

TEST(DISABLED_BreakModeInAProgram, ItsCodesMeanThatTheEventWasNotTaken)
{
    for (HRESULT code : {stopped_vba, stopped_vb6})
    {
        EXPECT_TRUE(break_mode_refused(code, S_OK));
        EXPECT_TRUE(break_mode_refused(DISP_E_EXCEPTION, code));
    }
}

TEST(BreakModeByProgram, InTwinBasicItsCodesMeanThatTheEventWasNotTaken)
{
    EXPECT_EQ(run_as(L"twinBASIC_win64.exe", L"DISABLED_BreakModeInAProgram.*"), 0u);
}

TEST(BreakModeByProgram, InAnyOtherItsCodesAreFailures)
{
    EXPECT_EQ(run_as(L"another.exe", L"DISABLED_BreakModeInAProgram.*"), 1u);
}

/* ---- what follows ---- */

TEST_F(BreakMode, NothingElseIsRaisedOnTheThreadMeanwhile)
{
    raw_client second;
    start_with_client();
    connect(second);
    listen_refusing(refusals[0], 3);
    server.unadvise(advised);
    listen();

    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 3; }));
    ASSERT_EQ(second.write("another"), 0u);
    ASSERT_TRUE(pump_until_taken(2));

    EXPECT_EQ(taken, (lines{"refused", "another"}));
}

TEST_F(BreakMode, AHandlerThatHasRunAndAnswersSoHasFailed)
{
    int calls = 0;
    start_with_client();
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [&](bare_call &call) -> HRESULT
                     {
                         calls++;
                         SafeArrayDestroy(*call.data_slot);
                         *call.data_slot = nullptr;
                         return stopped_vba;
                     }));

    ASSERT_EQ(client.write("erased"), 0u);
    ASSERT_TRUE(pump_until([&] { return !last_event_error(server.object.get()).empty(); }));
    ASSERT_EQ(client.write("next"), 0u);
    ASSERT_TRUE(pump_until([&] { return calls == 2; }));

    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 2u);
}

TEST_F(BreakMode, WhereNoBasicIsHostedItsCodesAreFailuresLikeAnyOther)
{
    vba6.reset();
    start_with_client();
    listen_refusing(refusals[0], 1);

    ASSERT_EQ(client.write("failed"), 0u);
    ASSERT_TRUE(pump_until([&] { return !last_event_error(server.object.get()).empty(); }));
    ASSERT_EQ(client.write("next"), 0u);

    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_EQ(taken, lines{"next"});
}

TEST_F(BreakMode, StopReturnsThoughEventsWaitAndTheyFollow)
{
    start_with_client();
    listen_refusing(refusals[0], 1000000);
    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 0u);
    left = 0;
    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_EQ(taken, lines{"refused"});
}

TEST_F(BreakMode, AnUnadvisedSinkThatRefusedIsNotAskedAgainAndTheOthersFollow)
{
    DWORD refusing;
    left = 1000000;
    start();
    refusing = listen_bare(
        when(NamedPipeEventClientMessageReceived, [this](bare_call &) -> HRESULT { return left--, stopped_vba; }));
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 0u);

    EXPECT_EQ(server.unadvise(refusing), S_OK);

    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
}

TEST_F(BreakMode, WhatAnUnadvisedSinkRefusedGoesToTheOneThatHasTakenItsPlace)
{
    auto second = std::make_shared<event_log>();
    DWORD refusing;
    left = 1000000;
    refusing = listen_bare(
        when(NamedPipeEventClientMessageReceived, [this](bare_call &) -> HRESULT { return left--, stopped_vba; }));
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));

    DWORD replacing = server.advise(second);
    EXPECT_EQ(server.unadvise(refusing), S_OK);

    EXPECT_TRUE(pump_until([&] { return second->count(NamedPipeEventClientMessageReceived) == 1; }));
    EXPECT_EQ(second->all(), lines{"message 1 x"});
    server.unadvise(replacing);
}

/* ---- what waits keeps nobody alive ---- */

/* A sink that refuses messages for ever, and may hold a server. */
struct refusing_sink
{
    explicit refusing_sink(NamedPipeEventKind message, sink_nature nature = sink_nature::bound,
                           com_ptr<INamedPipeServer> held = {})
        : object(make_bare_sink(
              when(message, [refusals = refusals, held](bare_call &) { return ++*refusals, no_call_out; }), nature,
              references))
    {
    }

    reference_count references = std::make_shared<std::atomic<LONG>>();
    std::shared_ptr<int> refusals = std::make_shared<int>(0);
    com_ptr<IDispatch> object; /* until it was handed over */
};

TEST_F(BreakMode, AnUnadvisedSinkIsLetGoWhileTheEventThatItRefusedWaits)
{
    refusing_sink refusing(NamedPipeEventClientMessageReceived), behind(NamedPipeEventClientMessageReceived);
    start();
    DWORD cookie = server.advise(refusing.object.get()), cookie_behind = server.advise(behind.object.get());
    start_with_client();
    refusing.object.reset();
    behind.object.reset();
    ASSERT_EQ(client.write("whole"), 0u);
    ASSERT_TRUE(pump_until([&] { return *refusing.refusals > 0; }));
    ASSERT_EQ(log->count(NamedPipeEventClientMessageReceived), 0u) << "it waits";

    EXPECT_EQ(server.unadvise(cookie_behind), S_OK);
    EXPECT_EQ(*behind.references, 0) << "whose turn had not come";
    EXPECT_EQ(server.unadvise(cookie), S_OK);
    EXPECT_EQ(*refusing.references, 0) << "whose turn it was";

    EXPECT_EQ(*behind.refusals, 0);
    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_EQ(log->all().back(), "message 1 whole") << "who is there yet gets all of it";
}

TEST_F(BreakMode, AnEventSinkThatHoldsItsServerIsLetGoWithItsEventThoughNobodyComesAnyMore)
{
    refusing_sink refusing(NamedPipeEventClientMessageReceived, sink_nature::names, server.object);
    ASSERT_EQ(server->put_EventSink(refusing.object.get()), S_OK);
    refusing.object.reset();
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return *refusing.refusals > 0; }));

    EXPECT_EQ(server->put_EventSink(nullptr), S_OK);

    EXPECT_EQ(*refusing.references, 0);
    server.object.reset();
    EXPECT_EQ(client.wait_until_closed(), 0u) << "that was the last reference";
}

TEST_F(BreakMode, AnUnadvisedSinkOfAClientIsLetGoWhileTheEventThatItRefusedWaits)
{
    const std::wstring path = unique_pipe_path();
    raw_server other_end(path);
    client_in_mode manager;
    refusing_sink refusing(NamedPipeEventMessageReceived);
    client_ptr ours = manager.connect(path);
    DWORD cookie = advise_client(ours, refusing.object.get());
    refusing.object.reset();
    ASSERT_EQ(other_end.accept(), 0u);
    ASSERT_EQ(other_end.write("whole"), 0u);
    ASSERT_TRUE(pump_until([&] { return *refusing.refusals > 0; }));

    EXPECT_EQ(unadvise_client(ours, cookie), S_OK);

    EXPECT_EQ(*refusing.references, 0);
    cookie = advise_client(ours, log);
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
    EXPECT_EQ(log->all(), lines{"message whole"});
    unadvise_client(ours, cookie);
}

TEST_F(BreakMode, TheLastReleaseWhileASinkRefusesLeavesNothing)
{
    start_with_client();
    listen_refusing(refusals[0], 1000000);
    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));

    server.object.reset();
    c.reset();

    EXPECT_TRUE(pump_until_windows_are_gone());
}

/* ---- free-threaded: the sink is called on its own thread, through its gate ---- */

TEST_F(BreakMode, AWorkerTriesAgainUntilTheSinkTakesIt)
{
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    start_with_client();
    listen_refusing(refusals[0], 2);

    ASSERT_EQ(client.write("whole"), 0u);

    ASSERT_TRUE(pump_until_taken(1));
    EXPECT_EQ(taken, lines{"whole"});
    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 1u);
}

TEST_F(BreakMode, AStopDoesNotWaitForAWorkerWhoseSinkRefuses)
{
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    start_with_client();
    listen_refusing(refusals[0], 1000000);
    ASSERT_EQ(client.write("refused"), 0u);
    ASSERT_TRUE(pump_until([&] { return left < 1000000; }));
    const ULONGLONG before = GetTickCount64();

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_LT(GetTickCount64() - before, 4000u) << "the 5 s of a handler that hangs";
    EXPECT_TRUE(taken.empty());
}

} // namespace
