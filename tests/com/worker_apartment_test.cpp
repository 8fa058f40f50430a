/* Workers that cannot enter the MTA, in which free-threaded handlers run. */

#include "support/com/client_in_mode.h"
#include "support/com/server_in_mode.h"

extern "C" {
#include "com/apartment.h"
}

#include <gtest/gtest.h>

#include <atomic>

namespace
{

std::atomic<int> entered, left_over; /* how often COM was initialized; how often less it was uninitialized */
std::atomic<int> good_ones;          /* so many threads may enter */
std::atomic<HRESULT> refusal;

HRESULT WINAPI refuse_after_some(void *reserved, DWORD kind)
{
    if (good_ones-- <= 0)
        return refusal;
    entered++;
    left_over++;
    return CoInitializeEx(reserved, kind);
}

void WINAPI count_uninitialize()
{
    left_over--;
    CoUninitialize();
}

class WorkerApartment : public testing::Test, public test_in_mta
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    server_in_mode server{event_mode::free_threaded, 3};
    const apartment_calls real = apartment_system;

    WorkerApartment()
    {
        entered = left_over = 0;
        apartment_system = {refuse_after_some, count_uninitialize};
        server.advise(log);
    }
    ~WorkerApartment() override
    {
        server.object.reset();
        EXPECT_TRUE(dispatch_until([] { return left_over == 0; })) << "not as often left as entered";
        apartment_system = real;
    }

    void refuse(HRESULT how, int after)
    {
        refusal = how;
        good_ones = after;
    }
};

TEST_F(WorkerApartment, ThatCannotBeEnteredMakesStartFail)
{
    refuse(E_OUTOFMEMORY, 0);

    EXPECT_EQ(server.start(), E_OUTOFMEMORY);

    EXPECT_FALSE(server.is_running());
    EXPECT_EQ(log->count(), 0u);
    EXPECT_EQ(entered, 0);
}

TEST_F(WorkerApartment, ThatOneOfThreeCannotEnterMakesStartFail)
{
    refuse(RPC_E_CHANGED_MODE, 2);

    EXPECT_EQ(server.start(), RPC_E_CHANGED_MODE);

    EXPECT_FALSE(server.is_running());
    EXPECT_EQ(log->count(), 0u);
    EXPECT_TRUE(dispatch_until([] { return left_over == 0; }));
    EXPECT_EQ(entered, 2);
}

TEST_F(WorkerApartment, AfterAFailureTheNextStartWorks)
{
    refuse(E_OUTOFMEMORY, 1);
    EXPECT_EQ(server.start(), E_OUTOFMEMORY);
    refuse(S_OK, 1000);

    ASSERT_EQ(server.start(), S_OK);

    raw_client client = server.connect();
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientConnected));
    server.stop();
}

TEST_F(WorkerApartment, ThatCannotBeEnteredMakesConnectFail)
{
    client_in_mode clients(event_mode::free_threaded, 2);
    refuse(E_OUTOFMEMORY, 0);

    EXPECT_EQ(clients.try_connect(L"NamedPipeServer.no.such.pipe"), E_OUTOFMEMORY);
}

TEST_F(WorkerApartment, IsNotEnteredInTheDefaultMode)
{
    refuse(E_OUTOFMEMORY, 0);
    server->put_FreeThreadingEvents(VARIANT_FALSE);

    EXPECT_EQ(server.start(), S_OK);
    server.stop();
}

} // namespace
