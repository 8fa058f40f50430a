/* How many instances a name may have, and how alike they must be. */

#include "conform.h"

#define MESSAGES (PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE)
#define BOTH_WAYS (PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED)

static HANDLE instance(DWORD open_mode, DWORD mode)
{
    return CreateNamedPipeW(PATH, open_mode, mode, 2, 100, 100, 0, NULL);
}

void conform_instances(void)
{
    HANDLE first, second, guest;

    tell("CreateFile, no such name", opened(client()));
    first = instance(BOTH_WAYS, MESSAGES);
    second = instance(BOTH_WAYS, MESSAGES);
    tell("a third instance of two", opened(instance(BOTH_WAYS, MESSAGES)));
    tell("a third of two, FIRST_PIPE_INSTANCE", opened(instance(BOTH_WAYS | FILE_FLAG_FIRST_PIPE_INSTANCE, MESSAGES)));
    leave(&second);
    tell("one closed: another instance", opened(instance(BOTH_WAYS, MESSAGES)));
    tell("an instance of bytes, the first is of messages", opened(instance(BOTH_WAYS, PIPE_TYPE_BYTE)));
    guest = client();
    tell("CreateFile, none listens", opened(client()));
    leave(&first);
    second = instance(BOTH_WAYS, MESSAGES);
    tell("one instance is left to a client: a second one", result(second != INVALID_HANDLE_VALUE));
    tell("one instance is left to a client, and a second: a third", opened(instance(BOTH_WAYS, MESSAGES)));
    leave(&second);
    leave(&guest);
    tell("CreateFile, all are closed", opened(client()));
}
