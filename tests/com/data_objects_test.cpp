/* Objects as Data of methods: whatever their code does meanwhile, what is sent and told is as with an array. */

#include "support/com/client_in_mode.h"
#include "support/com/scripted_object.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"

extern "C" {
#include "com/unload.h"
}

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{
/* An enumerator of the bytes of "ab"; `meanwhile` runs before the second. */
std::shared_ptr<object_script> list_of_ab(std::function<void()> meanwhile = [] {})
{
    auto s = std::make_shared<object_script>();

    s->item = [meanwhile](ULONG index, VARIANT *out)
    {
        if (index == 1)
            meanwhile();
        out->vt = VT_I4;
        out->lVal = 'a' + static_cast<LONG>(index);
        return index < 2 ? S_OK : S_FALSE;
    };
    return s;
}

variant object_of(std::shared_ptr<object_script> s)
{
    return variant(make_scripted_object(std::move(s)).get());
}

variant empty_list()
{
    auto s = std::make_shared<object_script>();

    s->item = [](ULONG, VARIANT *) { return S_FALSE; };
    return object_of(s);
}

/* ---- a server ---- */

class DataObjects : public window_server_test
{
  protected:
    /* The cookies that came with what was sent. */
    std::vector<std::wstring> cookies_told() const
    {
        std::vector<std::wstring> cookies;

        for (const told_event &event : log->events())
            if (event.kind == NamedPipeEventClientMessageSent)
                cookies.push_back(event.cookie.vt == VT_BSTR ? event.cookie.bstrVal : L"no text");
        return cookies;
    }

    LONG broadcast(const VARIANT &data, const VARIANT &cookie = variant::missing())
    {
        LONG count = -1;

        EXPECT_EQ(server->AsyncBroadcast(data, cookie, &count), S_OK);
        return count;
    }
};

TEST_F(DataObjects, AreSentWithTheirCookie)
{
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(object_of(list_of_ab()), variant(L"one")), S_OK);
    EXPECT_EQ(client.read_text(), "ab");
    EXPECT_EQ(broadcast(object_of(list_of_ab()), variant(L"two")), 1);
    EXPECT_EQ(client.read_text(), "ab");
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 2));
    EXPECT_THAT(cookies_told(), ElementsAre(L"one", L"two"));
}

TEST_F(DataObjects, WithoutItemsAreNothingToSend)
{
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(empty_list(), variant(7)), S_OK);
    EXPECT_EQ(broadcast(empty_list()), 0);
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);

    EXPECT_EQ(client.read_text(), "end");
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));
    EXPECT_EQ(log->count(NamedPipeEventClientMessageSent), 1u);
}

TEST_F(DataObjects, ThatFailSendNothing)
{
    auto s = list_of_ab();
    LONG count = -1;
    s->item = [](ULONG, VARIANT *) { return E_UNEXPECTED; };
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(object_of(s), variant(7)), E_UNEXPECTED);
    EXPECT_EQ(server->AsyncBroadcast(object_of(s), variant(8), &count), E_UNEXPECTED);
    EXPECT_EQ(count, 0);
    EXPECT_EQ(write_text(c.get(), L"end"), S_OK);
    EXPECT_EQ(client.read_text(), "end");
}

TEST_F(DataObjects, AreFramed)
{
    server->put_Framing(NamedPipeFramingLines);
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(object_of(list_of_ab()), variant::missing()), S_OK);
    EXPECT_EQ(broadcast(object_of(list_of_ab())), 1);

    EXPECT_EQ(client.read_text(), "ab\n");
    EXPECT_EQ(client.read_text(), "ab\n");
}

/* The cookie of the call is what it was, though the variable has gone by the time of the write. */
TEST_F(DataObjects, MayFreeTheCookie)
{
    variant cookie(L"mine"), reference = cookie.by_reference();
    auto frees = [&] { cookie.clear(); };
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(object_of(list_of_ab(frees)), reference), S_OK);
    EXPECT_EQ(client.read_text(), "ab");
    cookie.vt = VT_BSTR;
    cookie.bstrVal = SysAllocString(L"mine too");
    EXPECT_EQ(broadcast(object_of(list_of_ab(frees)), reference), 1);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent, 2));

    EXPECT_THAT(cookies_told(), ElementsAre(L"mine", L"mine too"));
}

TEST_F(DataObjects, MayStopTheServer)
{
    listen();
    start_with_client();

    EXPECT_EQ(broadcast(object_of(list_of_ab([&] { EXPECT_EQ(server->Stop(0), S_OK); }))), 0);
    EXPECT_EQ(c->AsyncWrite(object_of(list_of_ab()), variant::missing()), not_connected);
}

TEST_F(DataObjects, MayCloseTheConnection)
{
    listen();
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(object_of(list_of_ab([&] { c->AsyncClose(VARIANT_FALSE); })), variant(7)), not_connected);
    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));
}

TEST_F(DataObjects, MayReleaseTheServerAndTheConnection)
{
    LONG count = -1;
    start_with_client();
    INamedPipeServerConnection *connection = c.get();
    INamedPipeServer *released = server.object.get();

    HRESULT hr = connection->AsyncWrite(object_of(list_of_ab(
                                            [&]
                                            {
                                                c.reset();
                                                pump();
                                            })),
                                        variant(7));
    EXPECT_EQ(hr, S_OK);
    EXPECT_EQ(client.read_text(), "ab");
    hr = released->AsyncBroadcast(object_of(list_of_ab(
                                      [&]
                                      {
                                          server.object.reset();
                                          pump();
                                      })),
                                  variant(8), &count);
    EXPECT_EQ(hr, S_OK);
    EXPECT_EQ(count, 0);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(DataObjects, AreTextAndElements)
{
    bstr text, again;
    variant elements;
    INamedPipeServer *released = server.object.get();
    bool may_be_unloaded = true;

    EXPECT_EQ(server->BytesToText(object_of(list_of_ab()), 65001, text.put()), S_OK);
    EXPECT_EQ(text.str(), L"ab");
    EXPECT_EQ(server->BytesToArray(object_of(list_of_ab()), &elements), S_OK);
    EXPECT_EQ(elements.parray->rgsabound[0].cElements, 2u);
    EXPECT_EQ(released->BytesToText(object_of(list_of_ab(
                                        [&]
                                        {
                                            server.object.reset();
                                            may_be_unloaded = unload_is_permitted();
                                        })),
                                    65001, again.put()),
              S_OK);
    EXPECT_FALSE(may_be_unloaded) << "under its own call";
    EXPECT_TRUE(unload_is_permitted());
}

/* ---- a manager ---- */

class DataObjectsOfClients : public testing::Test, public test_in_sta
{
  protected:
    std::wstring path = unique_pipe_path();
    client_in_mode manager;
    raw_server server{path};

    HRESULT call(const VARIANT &data, SAFEARRAY **answer)
    {
        return manager->Call(bstr(name_in(path)).get(), data, 10000, bstr(L".").get(), answer);
    }
};

TEST_F(DataObjectsOfClients, AreAskedAndSent)
{
    SAFEARRAY *answer = nullptr;
    scripted_peer peer(server,
                       {hears("ab"), says("cd"), sees_its_client_leave(), [](raw_server &s) { s.disconnect(); },
                        hears("ab"), sees_its_client_leave(), [](raw_server &s) { s.disconnect(); }, hears("")});

    EXPECT_EQ(call(object_of(list_of_ab()), &answer), S_OK);
    EXPECT_THAT(elements_of(answer), ElementsAre('c', 'd'));
    SafeArrayDestroy(answer);
    EXPECT_EQ(manager->Send(bstr(name_in(path)).get(), object_of(list_of_ab()), 10000, bstr(L".").get()), S_OK);
    EXPECT_EQ(manager->Send(bstr(name_in(path)).get(), empty_list(), 10000, bstr(L".").get()), S_OK);
}

/* The names are those of the call, and so is the framing. */
TEST_F(DataObjectsOfClients, MayReleaseTheManagerAndChangeWhatItWasGiven)
{
    BSTR name = SysAllocString(name_in(path));
    bool may_be_unloaded = true;
    auto changes = [&]
    {
        name[0] = L'\\';
        manager->put_Framing(NamedPipeFramingLines);
        manager.object.reset();
        may_be_unloaded = unload_is_permitted();
    };

    EXPECT_EQ(manager->Send(name, object_of(list_of_ab(changes)), 10000, bstr(L".").get()), S_OK);
    SysFreeString(name);
    EXPECT_FALSE(may_be_unloaded) << "under its own call";
    EXPECT_TRUE(unload_is_permitted());

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "ab");
}

TEST_F(DataObjectsOfClients, AreWrittenByAConnection)
{
    client_ptr client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    ASSERT_EQ(manager.next(), "connected");

    EXPECT_EQ(client->AsyncWrite(object_of(list_of_ab()), variant::missing()), S_OK);

    EXPECT_EQ(server.read_text(), "ab");
}
} // namespace
