/* raw_server.h: one instance of a pipe, in bare Win32: what a server of anybody's does, and what a bad one does. As
 * raw_client. */

#ifndef SUPPORT_PIPE_RAW_SERVER_H
#define SUPPORT_PIPE_RAW_SERVER_H

#include "support/pipe/raw_client.h"

enum class pipe_mode
{
    messages,
    bytes
};

class raw_server : public raw_client
{
  public:
    /* `access`: PIPE_ACCESS_DUPLEX, _INBOUND or _OUTBOUND. `quota`: bytes that the pipe holds each way; with 0 a write
     * waits until the other end reads. is_open says whether the pipe is there. */
    explicit raw_server(const std::wstring &path, pipe_mode mode = pipe_mode::messages,
                        DWORD access = PIPE_ACCESS_DUPLEX, DWORD instances = 1, DWORD quota = 65536);

    /* Waits for a client; 0 also where it is there already, or was and has left. */
    DWORD accept(DWORD ms = patience);
    /* Lets the client go and keeps the pipe. */
    void disconnect();
};

#endif
