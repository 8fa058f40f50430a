// asio PIPE ROLE [SIZE [TOTAL]]: Boost.Asio, as its documentation uses windows::stream_handle for pipes: one thread in
// io_context::run, one read or write at a time for each client.

#include <boost/asio.hpp> // before windows.h

#include "role.h"

#include <cstdio>
#include <memory>
#include <set>
#include <vector>

namespace asio = boost::asio;
using boost::system::error_code;

namespace
{

class session;

role what;
char path[MAX_PATH];
std::set<std::shared_ptr<session>> sessions;

class session : public std::enable_shared_from_this<session>
{
  public:
    explicit session(asio::windows::stream_handle pipe) : pipe(std::move(pipe)), buffer(ROLE_BUFFER)
    {
    }

    void read()
    {
        pipe.async_read_some(asio::buffer(buffer),
                             [self = shared_from_this()](error_code error, std::size_t bytes)
                             {
                                 if (error && error.value() != ERROR_MORE_DATA)
                                     sessions.erase(self);
                                 else
                                     self->meet(static_cast<DWORD>(bytes));
                             });
    }

    void write(const answer &out, bool asked)
    {
        if (out.times == 0)
            return asked ? read() : void();
        // async_write would make messages of 64 KiB.
        pipe.async_write_some(asio::buffer(out.data, out.bytes),
                              [self = shared_from_this(), out, asked](error_code error, std::size_t)
                              {
                                  answer rest = out;
                                  rest.times = error ? 0 : out.times - 1;
                                  self->write(rest, asked);
                              });
    }

  private:
    void meet(DWORD bytes)
    {
        answer out;

        role_meet(&what, &received, buffer.data(), bytes, &out);
        if (!out.to_all)
            return write(out, true);
        auto self = shared_from_this();
        for (const auto &other : sessions)
            other->write(out, other == self);
    }

    asio::windows::stream_handle pipe;
    std::vector<BYTE> buffer;
    DWORD received = 0;
};

void accept(asio::io_context &context)
{
    HANDLE handle =
        CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                         PIPE_UNLIMITED_INSTANCES, 65536, 65536, 0, nullptr);

    if (handle == INVALID_HANDLE_VALUE)
        std::exit(2);
    auto pipe = std::make_shared<asio::windows::stream_handle>(context, handle);
    asio::windows::overlapped_ptr connecting(context,
                                             [&context, pipe](error_code error, std::size_t)
                                             {
                                                 accept(context);
                                                 if (error)
                                                     return;
                                                 auto one = std::make_shared<session>(std::move(*pipe));
                                                 sessions.insert(one);
                                                 one->read();
                                             });
    BOOL done = ConnectNamedPipe(handle, connecting.get());
    DWORD error = GetLastError();
    if (!done && error == ERROR_IO_PENDING)
        connecting.release(); // its packet comes
    else
        connecting.complete(error_code(done || error == ERROR_PIPE_CONNECTED ? 0 : static_cast<int>(error),
                                       asio::error::get_system_category()),
                            0);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    role_init(&what, argc - 2, argv + 2);
    role_path(argv[1], path);
    asio::io_context context(1);
    for (int i = 0; i < 4; i++)
        accept(context);
    context.run();
    return 0;
}
