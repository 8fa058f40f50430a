/* Four threads do what a consumer may do to servers, at random, while clients come and go: nothing crashes, hangs or is
 * left. */

#include "support/com/consumer_object.h"
#include "support/com/server_in_mode.h"
#include "support/com/stand_in.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace
{

constexpr int rounds = 60;
constexpr DWORD longest = 60000;

/* Ends the process, with a word, where the test does not end. */
class watchdog
{
  public:
    watchdog()
        : thread(
              [this]
              {
                  if (over.wait(longest))
                      return;
                  fprintf(stderr, "hangs\n");
                  TerminateProcess(GetCurrentProcess(), 99);
              })
    {
    }
    watchdog(const watchdog &) = delete;
    ~watchdog()
    {
        over.set();
        thread.join();
    }

  private:
    latch over;
    background thread;
};

enum class sinks_of
{
    anywhere, /* agile */
    an_sta    /* bound, in a process that hosts a runtime which is */
};

struct stress_case
{
    const char *name;
    DWORD made_in; /* the apartment of the servers */
    event_mode mode;
    sinks_of sinks;
};

/* The four threads and what they work on. In the MTA. */
class random_consumers
{
  public:
    explicit random_consumers(const stress_case &with) : with(with)
    {
        replace();
    }
    random_consumers(const random_consumers &) = delete;
    ~random_consumers()
    {
        server.reset();
        EXPECT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
        run_at_home([] { EXPECT_TRUE(pump_until_windows_are_gone()); });
    }

    void run(unsigned seed)
    {
        background a = in_mta([=] { act_at_random(seed); }), b = in_mta([=] { act_at_random(seed + 1); }),
                   c = in_mta([=] { act_at_random(seed + 2); }), d = in_mta([=] { act_at_random(seed + 3); });
    }

    void stop()
    {
        server->stop();
        EXPECT_FALSE(server->is_running());
    }

  private:
    stress_case with;
    std::unique_ptr<hosted_runtime> runtime{with.sinks == sinks_of::an_sta ? new hosted_runtime : nullptr};
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread &home = lasting_sta();
    SRWLOCK lock = SRWLOCK_INIT;
    SRWLOCK at_home = SRWLOCK_INIT;
    std::shared_ptr<server_in_mode> server;

    void run_at_home(std::function<void()> what)
    {
        AcquireSRWLockExclusive(&at_home);
        home.run(std::move(what));
        ReleaseSRWLockExclusive(&at_home);
    }

    std::shared_ptr<server_in_mode> present()
    {
        AcquireSRWLockExclusive(&lock);
        std::shared_ptr<server_in_mode> found = server;
        ReleaseSRWLockExclusive(&lock);
        return found;
    }

    /* A new server takes the place of the old one, whose last reference goes on whichever thread has it. */
    void replace()
    {
        std::shared_ptr<server_in_mode> fresh;
        auto make = [&] { fresh = std::make_shared<server_in_mode>(with.mode, 2); };

        if (with.made_in == COINIT_APARTMENTTHREADED)
            run_at_home(make);
        else
            make();
        AcquireSRWLockExclusive(&lock);
        server.swap(fresh);
        ReleaseSRWLockExclusive(&lock);
    }

    /* A sink that answers, and now and then stops or closes. */
    com_ptr<IDispatch> make_sink(const std::shared_ptr<server_in_mode> &of)
    {
        std::weak_ptr<server_in_mode> weak = of;

        return make_recording_sink(log, with.sinks == sinks_of::an_sta ? sink_nature::bound : sink_nature::agile,
                                   [weak](const told_event &event, INamedPipeServerConnection *connection)
                                   {
                                       if (event.kind != NamedPipeEventClientMessageReceived)
                                           return;
                                       write_text(connection, L"answer");
                                       if (event.text == "close")
                                           connection->AsyncClose(VARIANT_FALSE);
                                       std::shared_ptr<server_in_mode> strong = weak.lock();
                                       if (strong && event.text == "stop")
                                           strong->stop();
                                   });
    }

    DWORD advise(const std::shared_ptr<server_in_mode> &to)
    {
        DWORD cookie = 0;

        if (with.sinks == sinks_of::an_sta)
            run_at_home([&] { cookie = to->advise(make_sink(to).get()); });
        else
            cookie = to->advise(make_sink(to).get());
        return cookie;
    }

    static void talk(const server_in_mode &to, const char *text)
    {
        raw_client client;

        if (client.connect(to.path, 0) == 0)
            client.write(text);
    }

    void act(unsigned what, std::shared_ptr<server_in_mode> &on, DWORD &cookie)
    {
        switch (what)
        {
        case 0:
        case 1: on->start(); break;
        case 2: on->stop(); break;
        case 3:
            if (!cookie)
                cookie = advise(on);
            break;
        case 4:
            if (cookie)
                on->unadvise(cookie);
            cookie = 0;
            break;
        case 5: on->broadcast("to all"); break;
        case 6: talk(*on, "hello"); break;
        case 7: talk(*on, "close"); break;
        case 8: talk(*on, "stop"); break;
        case 9:
            replace();
            on = present();
            cookie = 0;
            break;
        case 10:
            if (with.made_in == COINIT_MULTITHREADED)
            {
                VARIANT_BOOL left;
                (*on)->ManualMessageLoopEnter(2, &left);
            }
            break;
        default: (*on)->ManualMessageLoopLeave(); break;
        }
    }

    void act_at_random(unsigned seed)
    {
        std::minstd_rand random(seed);
        std::shared_ptr<server_in_mode> on = present();
        DWORD cookie = 0;

        for (int i = 0; i < rounds; i++)
            act(static_cast<unsigned>(random()) % 12, on, cookie);
    }
};

void consume_at_random(const stress_case &with)
{
    unsigned seed = GetTickCount();
    random_consumers consumers(with);

    testing::Test::RecordProperty("seed", static_cast<int>(seed));
    consumers.run(seed);

    consumers.stop();
}

/* COM makes events and channels for as many calls at once as there ever were, and keeps them: a first run is not
 * counted. */
class first_run
{
  protected:
    explicit first_run(const stress_case &with)
    {
        first_use first;
        apartment mta(COINIT_MULTITHREADED);
        random_consumers consumers(with);

        consumers.run(1);
    }
};

class Stress : public testing::TestWithParam<stress_case>, watchdog, first_run, public test_in_mta
{
  protected:
    Stress() : first_run(GetParam())
    {
    }
};

/* Not counted: one or two event handles stay with some runs under Wine, and nothing else does. Wine also keeps one of
 * each proxy that it fails to make, which happens here where a sink goes at that moment; whether these are the same is
 * not known. */
class UncountedStress : public testing::TestWithParam<stress_case>, watchdog, public uncounted_test_in_mta
{
};

std::string name_of(const testing::TestParamInfo<stress_case> &info)
{
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    OfServers, Stress,
    testing::Values(stress_case{"WithAWindow", COINIT_APARTMENTTHREADED, event_mode::by_default, sinks_of::anywhere},
                    stress_case{"WithAWindowAndBoundSinks", COINIT_APARTMENTTHREADED, event_mode::by_default,
                                sinks_of::an_sta},
                    stress_case{"InTheMta", COINIT_MULTITHREADED, event_mode::by_default, sinks_of::anywhere},
                    stress_case{"FreeThreaded", COINIT_MULTITHREADED, event_mode::free_threaded, sinks_of::anywhere}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    OfServersWithGates, UncountedStress,
    testing::Values(stress_case{"InTheMta", COINIT_MULTITHREADED, event_mode::by_default, sinks_of::an_sta},
                    stress_case{"FreeThreaded", COINIT_APARTMENTTHREADED, event_mode::free_threaded, sinks_of::an_sta}),
    name_of);

/* Wine calls what is disconnected by way of rpcrt4, which says RPC_S_UNKNOWN_IF after the last stub of IDispatch. */
TEST(LastingSta, KeepsTheProcessFromLosingItsLastStubOfIDispatch)
{
    apartment mta(COINIT_MULTITHREADED);
    com_ptr<IDispatch> object, proxy;
    com_ptr<IStream> stream;
    DISPPARAMS none = {};

    lasting_sta().run(
        [&]
        {
            object = make_consumer_object(std::make_shared<object_fate>());
            CoMarshalInterThreadInterfaceInStream(IID_IDispatch, object.get(), stream.put());
        });
    ASSERT_EQ(CoUnmarshalInterface(stream.get(), IID_IDispatch, proxy.put_void()), S_OK);
    lasting_sta().run(
        [&]
        {
            CoDisconnectObject(object.get(), 0);
            object.reset();
        });

    EXPECT_EQ(proxy->Invoke(1, IID_NULL, 0, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr), RPC_E_DISCONNECTED);
}

TEST_P(Stress, EndsWithoutATrace)
{
    consume_at_random(GetParam());
}

TEST_P(UncountedStress, Ends)
{
    consume_at_random(GetParam());
}

} // namespace
