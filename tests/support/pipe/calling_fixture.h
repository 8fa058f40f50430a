/* calling_fixture.h: exchanges of this thread with a pipe of the test's own. */

#ifndef SUPPORT_PIPE_CALLING_FIXTURE_H
#define SUPPORT_PIPE_CALLING_FIXTURE_H

#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"

extern "C" {
#include "pipe/call.h"
}

constexpr size_t KIB = 1024, MIB = 1024 * KIB;

class Calling : public test_with_hooks
{
  private:
    leak_check leaks;

  protected:
    struct counted_buffers : buffer_source
    {
        LONG out = 0;
    };

    std::wstring path = unique_pipe_path();
    seams system;
    message answer;
    bool gives_up = false, ends_at_once = false, sleeps = false;
    latch cancelled;
    counted_buffers buffers;

    static DWORD wait(void *context, HANDLE handle, DWORD ms)
    {
        if (static_cast<Calling *>(context)->gives_up)
            return ERROR_CANCELLED;
        if (static_cast<Calling *>(context)->ends_at_once && ms < 100)
            return PIPE_ERROR_TIMED_OUT;
        if (static_cast<Calling *>(context)->sleeps)
        {
            win32.sleep(ms);
            return PIPE_ERROR_TIMED_OUT;
        }
        return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : static_cast<DWORD>(PIPE_ERROR_TIMED_OUT);
    }

    static buffer *alloc(buffer_source *s, DWORD size)
    {
        buffer *b = static_cast<buffer *>(mem_alloc(sizeof(buffer) + size));

        if (!b)
            return nullptr;
        b->data = reinterpret_cast<BYTE *>(b + 1);
        b->capacity = size;
        static_cast<counted_buffers *>(s)->out++;
        return b;
    }

    static void free(buffer_source *s, buffer *b)
    {
        static_cast<counted_buffers *>(s)->out--;
        mem_free(b);
    }

    Calling()
    {
        buffers.alloc = alloc;
        buffers.free = free;
    }

    DWORD limit = 0; /* of the answer */
    framing framed = FRAMING_PIPE;
    bool is_one_way = false;

    DWORD perform(const message &m, DWORD timeout = patience)
    {
        exchange c = {path.c_str(), m.data(),  static_cast<DWORD>(m.size()), timeout, wait, this, &buffers, limit,
                      framed,       is_one_way};
        buffer *b;
        DWORD bytes;
        DWORD error = call_perform(&c, &b, &bytes);

        EXPECT_EQ(b == nullptr, error != 0 || is_one_way);
        if (b)
        {
            answer.assign(b->data, b->data + bytes);
            free(&buffers, b);
        }
        return error;
    }

    DWORD perform(const char *text, DWORD timeout = patience)
    {
        return perform(message_of(text), timeout);
    }

    void TearDown() override
    {
        EXPECT_EQ(buffers.out, 0);
        EXPECT_TRUE(system.all_freed(patience));
    }
};

/* Calls a pipe of another computer; one of this computer stands for it. */
class CallingAfar : public Calling
{
  protected:
    CallingAfar() : local(path), server(path)
    {
        system.opens_instead = [this](const WCHAR *) { return local; };
        path = L"\\\\elsewhere\\pipe\\x";
    }

    /* A call may have returned before the thread that makes it is done: it is waited for here, while all that its hooks
     * use is there. */
    void TearDown() override
    {
        go.set();
        EXPECT_TRUE(system.all_freed(patience));
        EXPECT_TRUE(system.all_closed(patience));
    }

    /* Blocks, as a silent computer does. Nothing in the test may wait for it. */
    void wait_to_go()
    {
        EXPECT_TRUE(go.wait(patience)) << "it was waited for";
    }

    const std::wstring local;
    raw_server server;
    latch go;
};

#endif
