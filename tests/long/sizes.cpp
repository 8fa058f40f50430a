/* Messages of the sizes at which something changes, from a byte to 256 MiB, from a client of ours to a server of ours
 * and back: they come intact. One of no bytes is received on both sides. */

#include "support/com/client_in_mode.h"
#include "support/long/long_run.h"
#include "support/pipe/raw_server.h"

#include <gtest/gtest.h>

namespace
{

constexpr ULONG mib = 1 << 20;

/* The byte at `i` of a message of `size` bytes: no two parts of it are alike. */
BYTE byte_at(ULONG size, ULONG i)
{
    return static_cast<BYTE>((i * 2654435761u + size * 40503u) >> 23);
}

/* An array of so many bytes in a VARIANT; empty where there is no memory. A message of 256 MiB is never copied here:
 * a 32-bit process has no place for many of them. */
variant array_of(ULONG size)
{
    variant made;

    V_ARRAY(&made) = SafeArrayCreateVector(VT_UI1, 0, size);
    V_VT(&made) = V_ARRAY(&made) ? VT_ARRAY | VT_UI1 : VT_EMPTY;
    for (ULONG i = 0; V_ARRAY(&made) && i < size; i++)
        static_cast<BYTE *>(V_ARRAY(&made)->pvData)[i] = byte_at(size, i);
    return made;
}

bool is_intact(const SAFEARRAY *array, ULONG size)
{
    const BYTE *data = static_cast<const BYTE *>(array->pvData);

    if (array->rgsabound[0].cElements != size)
        return false;
    for (ULONG i = 0; i < size; i++)
        if (data[i] != byte_at(size, i))
            return false;
    return true;
}

/* What came on one side. */
struct side
{
    std::atomic<int> intact{0}, damaged{0}, sent{0}, errors{0};
    std::atomic<ULONG> expected{0};
    latch came;

    void take(const SAFEARRAY *array)
    {
        (is_intact(array, expected) ? intact : damaged)++;
        came.set();
    }
    void fail(const bare_call &call)
    {
        std::printf("%ls\n", call.description.c_str());
        errors++;
        came.set();
    }
};

/* Without a copy. */
HRESULT send_array(INamedPipeServerConnection *to, SAFEARRAY *array)
{
    VARIANT data;

    V_VT(&data) = VT_ARRAY | VT_UI1;
    V_ARRAY(&data) = array;
    return to->AsyncWrite(data, variant::missing());
}

class LongSizes : public testing::Test
{
  protected:
    first_use first;
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    side server_side, client_side;

    /* Notes what comes, and sends it back. */
    HRESULT at_server(bare_call &call)
    {
        if (call.event == NamedPipeEventClientError)
            server_side.fail(call);
        if (call.event != NamedPipeEventClientMessageReceived)
            return S_OK;
        server_side.take(call.data);
        return call.data->rgsabound[0].cElements > 0 ? send_array(call.connection, call.data) : S_OK;
    }

    HRESULT at_client(bare_call &call)
    {
        if (call.event == NamedPipeEventError)
            client_side.fail(call);
        if (call.event == NamedPipeEventMessageReceived)
            client_side.take(call.data);
        return S_OK;
    }

    void there_and_back(const client_ptr &client, ULONG size)
    {
        stopwatch watch;

        server_side.expected = client_side.expected = size;
        client_side.came.reset();
        {
            variant data = array_of(size);
            ASSERT_NE(V_VT(&data), VT_EMPTY) << "no memory for the test's own array";
            ASSERT_EQ(client->AsyncWrite(data, variant::missing()), S_OK);
        }
        ASSERT_TRUE(client_side.came.wait(240000)) << size << " bytes";
        if (size >= 16 * mib)
            tell_figure("sizes, " + std::to_string(size / mib) + " MiB there and back",
                        std::to_string(static_cast<int>(watch.seconds() * 1000)) + " ms");
    }
};

TEST_F(LongSizes, ArriveIntactBothWays)
{
    std::vector<ULONG> sizes = {1, 4095, 4096, 4097, 65535, 65536, 131072, 131073, 16 * mib};
    if (runs_whole())
        sizes.push_back(256 * mib);

    {
        server_in_mode server(event_mode::free_threaded);
        client_in_mode manager(event_mode::free_threaded);
        server->put_SendQueueLimit(0);
        manager->put_SendQueueLimit(0);
        const DWORD advised = server.advise(
            make_bare_sink([this](bare_call &call) { return at_server(call); }, sink_nature::agile).get());
        ASSERT_EQ(server.start(), S_OK);
        client_ptr client = manager.connect(server.path);
        const DWORD client_advised = advise_client(
            client, make_bare_sink([this](bare_call &call) { return at_client(call); }, sink_nature::agile).get());

        for (ULONG size : sizes)
            there_and_back(client, size);

        EXPECT_EQ(server_side.intact, static_cast<int>(sizes.size()));
        EXPECT_EQ(client_side.intact, static_cast<int>(sizes.size()));
        EXPECT_EQ(server_side.damaged + client_side.damaged + server_side.errors + client_side.errors, 0);
        tell_figure("sizes", std::to_string(client_side.intact) + " of " + std::to_string(sizes.size()) +
                                 " sizes intact both ways, the longest of " + std::to_string(sizes.back()) + " bytes");
        unadvise_client(client, client_advised);
        manager->Stop();
        server.stop();
        server.unadvise(advised);
    }
    pump_until_windows_are_gone();
}

TEST_F(LongSizes, NoBytesAreAMessageOnBothSides)
{
    {
        server_in_mode server(event_mode::free_threaded);
        const DWORD advised = server.advise(
            make_bare_sink([this](bare_call &call) { return at_server(call); }, sink_nature::agile).get());
        ASSERT_EQ(server.start(), S_OK);
        raw_client to_server = server.connect();
        ASSERT_EQ(to_server.write(message()), 0u);
        ASSERT_TRUE(server_side.came.wait(patience));
        EXPECT_EQ(server_side.intact, 1);
        server.stop();
        server.unadvise(advised);
    }
    {
        const std::wstring path = server_in_mode().path;
        raw_server theirs(path);
        client_in_mode manager(event_mode::free_threaded);
        client_ptr client = manager.connect(path);
        const DWORD advised = advise_client(
            client, make_bare_sink([this](bare_call &call) { return at_client(call); }, sink_nature::agile).get());
        ASSERT_EQ(theirs.accept(), 0u);
        ASSERT_EQ(theirs.write(message()), 0u);
        ASSERT_TRUE(client_side.came.wait(patience));
        EXPECT_EQ(client_side.intact, 1);
        unadvise_client(client, advised);
        manager->Stop();
    }
    pump_until_windows_are_gone();
}

} // namespace
