/* What an object answers when it becomes a sink, or when it is called by a name: how its names are found, which of them
 * it has after all, and whether it gets values. */

#include "support/com/dispatch_stub.h"
#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <set>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{

const IID iid_managed_object = {0xc3fcc19e, 0xa970, 0x11d2, {0x8b, 0x5a, 0x00, 0xa0, 0xc9, 0xb7, 0xc9, 0xc4}};

/* What it says, and what was asked of it. */
struct answers
{
    bool has_dispatch_ex = false, is_managed = false, is_sink = false;
    HRESULT without_case = S_OK, with_case = S_OK, ids_of_names = S_OK; /* each knows all names, or fails so */
    std::set<std::wstring> methods;                                     /* that are there when they are called */

    std::vector<std::wstring> names; /* the DISPID of each is its place, from 1 on */
    std::atomic<int> by_name{0};     /* GetIDsOfNames */
    SRWLOCK lock = SRWLOCK_INIT;
    std::map<std::wstring, int> calls; /* lock */
    std::atomic<bool> by_reference{false};

    int calls_of(const wchar_t *name)
    {
        AcquireSRWLockExclusive(&lock);
        int count = calls[name];
        ReleaseSRWLockExclusive(&lock);
        return count;
    }
};

class answering_object : public dispatch_stub
{
  public:
    explicit answering_object(std::shared_ptr<answers> with) : with(std::move(with))
    {
    }

  protected:
    bool has(REFIID riid) override
    {
        return (riid == iid_dispatch_ex && with->has_dispatch_ex) || (riid == iid_managed_object && with->is_managed) ||
               (riid == DIID__INamedPipeServerEvents && with->is_sink);
    }
    HRESULT find(const wchar_t *name, DISPID *id) override
    {
        with->by_name++;
        return tell(with->ids_of_names, name, id);
    }
    HRESULT find_ex(const wchar_t *name, DWORD flags, DISPID *id) override
    {
        return tell(flags & fdexNameCaseInsensitive ? with->without_case : with->with_case, name, id);
    }
    HRESULT call(DISPID id, DISPPARAMS &params, EXCEPINFO *) override
    {
        const std::wstring name = with->is_sink ? std::to_wstring(id) : with->names[static_cast<size_t>(id) - 1];

        AcquireSRWLockExclusive(&with->lock);
        with->calls[name]++;
        ReleaseSRWLockExclusive(&with->lock);
        for (UINT i = 0; i < params.cArgs; i++)
            with->by_reference = with->by_reference || (V_VT(&params.rgvarg[i]) & VT_BYREF) != 0;
        return with->methods.count(name) ? S_OK : DISP_E_MEMBERNOTFOUND;
    }

  private:
    HRESULT tell(HRESULT hr, const wchar_t *name, DISPID *id)
    {
        if (FAILED(hr))
            return hr;
        with->names.push_back(name);
        *id = static_cast<DISPID>(with->names.size());
        return S_OK;
    }

    std::shared_ptr<answers> with;
};

class SinkAnswers : public testing::Test, public test_in_mta
{
  protected:
    std::shared_ptr<answers> given = std::make_shared<answers>();
    server_in_mode server{event_mode::free_threaded};
    LONG last_client = 0;

    com_ptr<IDispatch> object()
    {
        return com_ptr<IDispatch>(new answering_object(given));
    }

    /* Each says hello and goes. */
    void tell_clients(int count)
    {
        EXPECT_EQ(server.start(), S_OK);
        for (int i = 0; i < count; i++)
        {
            raw_client client = server.connect();

            server.await_connection(++last_client);
            client.write("hello");
            client.close();
            server.await_drop(last_client);
        }
        server.stop();
    }

    std::wstring last_failure()
    {
        bstr error;

        server->get_LastEventError(error.put());
        return error.str();
    }
};

/* ---- methods that are not there after all ---- */

TEST_F(SinkAnswers, AMethodThatIsNotThereWhenItIsCalledIsNoFailureAndIsNotAskedForAgain)
{
    given->methods = {L"ClientMessageReceived"};
    ASSERT_EQ(server->put_EventSink(object().get()), S_OK);

    tell_clients(3);

    EXPECT_EQ(last_failure(), L"");
    EXPECT_EQ(given->calls_of(L"ClientMessageReceived"), 3);
    EXPECT_EQ(given->calls_of(L"ClientConnected"), 1);
    EXPECT_EQ(given->calls_of(L"ClientDisconnected"), 1);
    EXPECT_EQ(given->calls_of(L"ServerReady"), 1);
}

TEST_F(SinkAnswers, AnEventSinkThatIsPutAgainIsAskedAgain)
{
    com_ptr<IDispatch> sink = object();
    ASSERT_EQ(server->put_EventSink(sink.get()), S_OK);
    tell_clients(1);

    ASSERT_EQ(server->put_EventSink(sink.get()), S_OK);
    tell_clients(2);

    EXPECT_EQ(given->calls_of(L"ServerReady"), 2);
}

TEST_F(SinkAnswers, AMethodThatASinkOfTheConnectionPointLacksIsAFailure)
{
    given->is_sink = true;
    server.advise(object().get());

    tell_clients(1);

    EXPECT_THAT(last_failure(), HasSubstr(L"0x80020003"));
    EXPECT_EQ(given->calls_of(L"1"), 1);
}

/* ---- names ---- */

TEST_F(SinkAnswers, NamesAreFoundWithTheirCaseWhereLookingWithoutItIsRefused)
{
    given->has_dispatch_ex = true;
    given->without_case = E_INVALIDARG;
    given->ids_of_names = E_NOTIMPL;
    given->methods = {L"ClientMessageReceived"};

    ASSERT_EQ(server->put_EventSink(object().get()), S_OK);
    tell_clients(1);

    EXPECT_EQ(given->calls_of(L"ClientMessageReceived"), 1);
}

TEST_F(SinkAnswers, NamesAreFoundByGetIdsOfNamesWhereGetDispIdRefusesAll)
{
    given->has_dispatch_ex = true;
    given->without_case = given->with_case = E_NOTIMPL;
    given->methods = {L"ClientMessageReceived"};

    ASSERT_EQ(server->put_EventSink(object().get()), S_OK);
    tell_clients(1);

    EXPECT_EQ(given->calls_of(L"ClientMessageReceived"), 1);
}

TEST_F(SinkAnswers, NamesThatGetDispIdKnowsAreAskedOfNobodyElse)
{
    given->has_dispatch_ex = true;

    ASSERT_EQ(server->put_EventSink(object().get()), S_OK);

    EXPECT_EQ(given->by_name, 0);
}

TEST_F(SinkAnswers, AnObjectThatKnowsNoNameInAnyWayIsRefused)
{
    given->has_dispatch_ex = true;
    given->without_case = given->with_case = given->ids_of_names = DISP_E_UNKNOWNNAME;

    EXPECT_EQ(server->put_EventSink(object().get()), static_cast<HRESULT>(0x800A0005));
}

/* ---- values ---- */

TEST_F(SinkAnswers, AManagedObjectThatIsNotAgileGetsValues)
{
    given->is_sink = given->is_managed = true;
    server.advise(object().get());

    tell_clients(1);

    EXPECT_GE(given->calls_of(L"4"), 1);
    EXPECT_FALSE(given->by_reference);
}

TEST_F(SinkAnswers, AManagedEventSinkGetsValues)
{
    given->is_managed = true;
    ASSERT_EQ(server->put_EventSink(object().get()), S_OK);

    tell_clients(1);

    EXPECT_FALSE(given->by_reference);
}

TEST_F(SinkAnswers, AnObjectThatIsNeitherManagedNorAgileGetsReferences)
{
    given->is_sink = true;
    server.advise(object().get());

    tell_clients(1);

    EXPECT_TRUE(given->by_reference);
}

} // namespace
