/* raw_window PIPE ROLE [SIZE [TOTAL]]: the raw window loop, against which the library's window mode is measured, and
 * WaitEvent's two.
 *
 * What a program does whose messages must be met on its first thread, as Visual Basic's and VBScript's must: a worker
 * takes the packets and posts each to a hidden window, whose thread answers and reads on. */

#include "client_pipe.h"

static HANDLE port;
static HWND window;

static DWORD WINAPI post_packets(void *unused)
{
    OVERLAPPED *request = NULL;
    ULONG_PTR key;
    DWORD bytes;

    (void)unused;
    while (GetQueuedCompletionStatus(port, &bytes, &key, &request, INFINITE) || request)
        PostMessageW(window, WM_APP, bytes, (LPARAM)request);
    return 0;
}

static LRESULT CALLBACK meet_packet(HWND w, UINT message, WPARAM bytes, LPARAM request)
{
    if (message != WM_APP)
        return DefWindowProcW(w, message, bytes, request);
    client_pipe_completed((OVERLAPPED *)request, (DWORD)bytes);
    return 0;
}

int main(int argc, char **argv)
{
    WNDCLASSW kind = {.lpfnWndProc = meet_packet, .lpszClassName = L"raw window"};
    MSG message;

    RegisterClassW(&kind);
    window = CreateWindowW(kind.lpszClassName, NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    if (!window)
        return 2;
    port = client_pipes_open(argc - 1, argv + 1);
    CloseHandle(CreateThread(NULL, 0, post_packets, NULL, 0, NULL));
    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
    return 0;
}
