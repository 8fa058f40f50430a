/* raw_client.h: the other end of the pipe, in bare Win32: what a client of anybody's does, and what a bad one does.
 *
 * One thread at a time. Every wait has a deadline; past it a call ends with WAIT_TIMEOUT. Errors are Win32 codes, 0 for
 * success. */

#ifndef SUPPORT_PIPE_RAW_CLIENT_H
#define SUPPORT_PIPE_RAW_CLIENT_H

#include <windows.h>

#include <memory>
#include <string>
#include <vector>

/* How long a test waits for what must come: only a failing one waits so long. In ms. */
constexpr DWORD patience = 20000;

using message = std::vector<BYTE>;

/* The bytes of a text, and `size` bytes that differ from one seed to the next and from place to place. */
message message_of(const char *text);
message message_of(size_t size, unsigned seed);
std::string text_of(const message &m);

class raw_client
{
  public:
    raw_client() = default;
    explicit raw_client(const std::wstring &path); /* connects; is_open says whether it could */
    raw_client(raw_client &&other) = default;
    raw_client &operator=(raw_client &&other) = default;
    ~raw_client();

    /* In message mode. A busy or missing pipe is tried again until `ms` have passed; with 0 the first answer counts. */
    DWORD connect(const std::wstring &path, DWORD ms = patience);
    bool is_open() const;
    HANDLE handle() const;

    /* One message in one WriteFile, also of no bytes; returns when the pipe has taken it. */
    DWORD write(const message &m, DWORD ms = patience);
    DWORD write(const char *text);

    /* The same in two steps, so that a write can be left half done. One at a time. */
    DWORD begin_write(const message &m); /* ERROR_IO_PENDING: not yet taken */
    DWORD end_write(DWORD ms = patience);
    void cancel_write();

    /* The whole of the next message, in parts of `part` bytes. ERROR_BROKEN_PIPE: the server has closed. */
    DWORD read(message &m, DWORD ms = patience, DWORD part = 65536);
    message read();          /* the failure of one that must come is the test's failure */
    std::string read_text(); /* "(error N)" for none */

    /* What waits in the pipe, without taking it; and whether the server has closed. */
    DWORD bytes_waiting() const;
    /* Reads until the server has closed: 0 then. */
    DWORD wait_until_closed(DWORD ms = patience);

    /* At once, whatever is under way. */
    void close();

  protected:
    /* Takes an overlapped handle over. */
    void adopt(HANDLE pipe);

  private:
    struct state;
    struct destroy
    {
        void operator()(state *s) const;
    };
    std::unique_ptr<state, destroy> open;

    DWORD finish(OVERLAPPED *overlapped, DWORD error, DWORD ms, DWORD *bytes);
    DWORD read_part(BYTE *data, DWORD size, DWORD ms, DWORD *bytes);
};

#endif
