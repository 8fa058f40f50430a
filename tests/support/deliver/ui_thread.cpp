#include "support/deliver/ui_thread.h"

UINT dispatch_one()
{
    MSG message;

    if (!PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE))
        return WM_NULL;
    DispatchMessageW(&message);
    return message.message;
}

unsigned dispatch_all(UINT counted)
{
    unsigned count = 0;
    UINT message;

    while ((message = dispatch_one()) != WM_NULL)
        count += message == counted;
    return count;
}

bool dispatch_until(const std::function<bool()> &done, DWORD ms)
{
    const ULONGLONG deadline = GetTickCount64() + ms;

    while (!done())
    {
        if (GetTickCount64() >= deadline)
            return false;
        if (dispatch_one() == WM_NULL)
            MsgWaitForMultipleObjectsEx(0, nullptr, 5, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    }
    return true;
}

ui_thread::ui_thread()
    : work(CreateEventW(nullptr, FALSE, FALSE, nullptr)), done(CreateEventW(nullptr, FALSE, FALSE, nullptr)),
      end(CreateEventW(nullptr, FALSE, FALSE, nullptr)), thread([this] { loop(); })
{
}

ui_thread::~ui_thread()
{
    SetEvent(end);
    thread.join();
    CloseHandle(work);
    CloseHandle(done);
    CloseHandle(end);
}

void ui_thread::run(std::function<void()> what)
{
    next = std::move(what);
    SetEvent(work);
    WaitForSingleObject(done, INFINITE);
    next = nullptr;
}

void ui_thread::loop()
{
    HANDLE events[] = {work, end};

    for (;;)
    {
        switch (MsgWaitForMultipleObjectsEx(2, events, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE))
        {
        case WAIT_OBJECT_0:
            next();
            SetEvent(done);
            break;
        case WAIT_OBJECT_0 + 1: return;
        default: dispatch_one();
        }
    }
}
