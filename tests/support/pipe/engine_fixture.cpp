#include "support/pipe/engine_fixture.h"

std::wstring unique_pipe_path()
{
    static LONG serial;

    return L"\\\\.\\pipe\\NamedPipeServer.tests." + std::to_wstring(GetCurrentProcessId()) + L"." +
           std::to_wstring(InterlockedIncrement(&serial));
}

engine_test::engine_test()
{
    settings.threads = 2;
    settings.backlog = 4;
    settings.flow.buffer_size = 1024;
    settings.flow.read_continuously = true;
}

engine_test::~engine_test() = default;

void engine_test::TearDown()
{
    finish();
}

DWORD engine_test::open()
{
    settings.path = path.c_str();
    return engine_open(&settings, &owner, &e);
}

void engine_test::start()
{
    ASSERT_EQ(open(), 0u);
    ASSERT_EQ(engine_listen(e), 0u);
    ASSERT_EQ(engine_run(e), 0u);
    ASSERT_EQ(owner.next().kind, PIPE_READY);
}

connection *engine_test::connect(raw_client &another)
{
    EXPECT_EQ(another.connect(path), 0u);
    connection *arrived = owner.accept();

    EXPECT_NE(arrived, nullptr);
    EXPECT_EQ(owner.next(arrived).kind, PIPE_CONNECTED);
    return arrived;
}

void engine_test::start_with_client()
{
    start();
    ASSERT_FALSE(HasFatalFailure());
    c = connect(client);
    ASSERT_NE(c, nullptr);
}

DWORD engine_test::write(connection *to, const message &m, int cookie)
{
    payload *p = payload_create(m.data(), static_cast<DWORD>(m.size()));
    void *token = cookie ? owner.make_cookie(cookie) : nullptr;
    DWORD error = connection_write(to, p, token);

    if (error && token)
        owner.drop_cookie(token);
    payload_release(p);
    return error;
}

DWORD engine_test::write(connection *to, const char *text, int cookie)
{
    return write(to, message_of(text), cookie);
}

DWORD engine_test::read(connection *from, int cookie)
{
    void *token = cookie ? owner.make_cookie(cookie) : nullptr;
    DWORD error = connection_read(from, token);

    if (error && token)
        owner.drop_cookie(token);
    return error;
}

void engine_test::stop(close_manner manner)
{
    engine_begin_close(e, manner);
    ASSERT_EQ(WaitForSingleObject(engine_ended(e), patience), WAIT_OBJECT_0) << "the workers have not ended";
    EXPECT_EQ(owner.ended_calls(), 1u) << "`ended` comes before its event is set";
}

void engine_test::finish()
{
    if (!e)
        return;
    if (!owner.ended_calls())
        stop();
    engine_close_handles(e);
    owner.forget();
    engine_release(e);
    e = nullptr;
    EXPECT_TRUE(system.all_freed(patience)) << "somebody still holds " << seams::bytes_in_use() << " bytes";
    EXPECT_EQ(owner.workers_begun(), owner.workers_ended());
    EXPECT_EQ(owner.buffers_out(), 0);
    EXPECT_EQ(owner.cookies_out(), 0);
    EXPECT_EQ(owner.complaints(), "");
}
