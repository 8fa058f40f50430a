/* A property that runs the consumer's code, which lets go of our last object: meanwhile this library may not be
 * unloaded. In the MTA, where no window keeps it. */

#include "support/com/consumer_object.h"
#include "support/com/window_server.h"

extern "C" {
#include "com/unload.h"
}

namespace
{

/* An EventSink that has every name. */
class named_object : public dispatch_stub
{
  public:
    named_object() : dispatch_stub(agility::agile)
    {
    }

    std::function<void()> when_touched; /* runs once, inside the next AddRef or QueryInterface */

  protected:
    HRESULT find(const wchar_t *, DISPID *id) override
    {
        return *id = 1, S_OK;
    }
    HRESULT call(DISPID, DISPPARAMS &, EXCEPINFO *) override
    {
        return S_OK;
    }
    void touched() override
    {
        if (auto act = std::exchange(when_touched, nullptr))
            act();
    }
};

class LibraryStays : public testing::Test, public test_in_mta
{
  protected:
    server_in_mode server;
    bool acted = false, may_go = true;

    /* Lets go of the last object of ours, and asks whether the library may be unloaded now. */
    template <typename Interface> std::function<void()> letting_go_of(com_ptr<Interface> &last)
    {
        return [this, &last]
        {
            acted = true;
            last.reset();
            may_go = unload_is_permitted();
        };
    }
    void TearDown() override
    {
        EXPECT_TRUE(acted);
        EXPECT_FALSE(may_go);
        EXPECT_TRUE(unload_is_permitted());
    }
};

TEST_F(LibraryStays, WhileCustomDataIsRead)
{
    auto fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> object = make_consumer_object(fate, agility::agile);
    variant kept;
    ASSERT_EQ(server.start(), S_OK);
    raw_client client = server.connect();
    server_connection_ptr c = server.await_connection(1);
    ASSERT_EQ(c->putref_CustomData(variant(object.get())), S_OK);
    server.stop();
    server.object.reset();
    INamedPipeServerConnection *called = c.get();
    fate->when_touched = letting_go_of(c);

    EXPECT_EQ(called->get_CustomData(&kept), S_OK);

    EXPECT_EQ(V_DISPATCH(&kept), object.get());
}

TEST_F(LibraryStays, WhileAnEventSinkIsRead)
{
    auto *sink = new named_object;
    com_ptr<IDispatch> object(sink), given;
    ASSERT_EQ(server->put_EventSink(sink), S_OK);
    INamedPipeServer *called = server.object.get();
    sink->when_touched = letting_go_of(server.object);

    EXPECT_EQ(called->get_EventSink(given.put()), S_OK);

    EXPECT_EQ(given.get(), sink);
}

} // namespace
