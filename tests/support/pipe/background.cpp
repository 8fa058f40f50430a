#include "support/pipe/background.h"

#include <utility>

static DWORD WINAPI background_main(void *argument)
{
    auto *run = static_cast<std::function<void()> *>(argument);

    (*run)();
    delete run;
    return 0;
}

background::background(std::function<void()> run)
{
    thread = CreateThread(nullptr, 0, background_main, new std::function<void()>(std::move(run)), 0, nullptr);
}

background::background(background &&other) noexcept : thread(std::exchange(other.thread, nullptr))
{
}

background::~background()
{
    join();
    if (thread)
        CloseHandle(thread);
}

bool background::join(DWORD ms)
{
    return !thread || WaitForSingleObject(thread, ms) == WAIT_OBJECT_0;
}

latch::latch() : event(CreateEventW(nullptr, TRUE, FALSE, nullptr))
{
}

latch::~latch()
{
    CloseHandle(event);
}

void latch::set()
{
    SetEvent(event);
}

void latch::reset()
{
    ResetEvent(event);
}

bool latch::wait(DWORD ms)
{
    return WaitForSingleObject(event, ms) == WAIT_OBJECT_0;
}

HANDLE latch::handle() const
{
    return event;
}

void blocking_point::block(DWORD ms)
{
    reached.set();
    opened.wait(ms);
}

bool blocking_point::wait_until_blocked(DWORD ms)
{
    return reached.wait(ms);
}

void blocking_point::unblock()
{
    opened.set();
}
