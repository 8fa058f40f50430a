/* raw PIPE ROLE [SIZE [TOTAL]]: the raw loop, against which the free-threaded library is measured.
 *
 * What a program does that needs nothing but this one server: a completion port, one thread, and for each message a
 * packet, a write and a read. No queue, no limits, no order among clients to keep, no Stop: nothing that serves the
 * same messages by a completion port does with less. */

#include "client_pipe.h"

int main(int argc, char **argv)
{
    HANDLE port = client_pipes_open(argc - 1, argv + 1);
    OVERLAPPED *request = NULL;
    ULONG_PTR key;
    DWORD bytes;

    while (GetQueuedCompletionStatus(port, &bytes, &key, &request, INFINITE) || request)
        client_pipe_completed(request, bytes);
    return 1;
}
