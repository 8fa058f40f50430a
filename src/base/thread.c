#include "base/thread.h"

#include "base/module.h"

typedef struct thread_begin
{
    void (*run)(void *argument);
    void *argument;
    HMODULE module;
} thread_begin;

HANDLE thread_open_self(void)
{
    return OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId());
}

bool thread_lives(HANDLE thread)
{
    return !thread || WaitForSingleObject(thread, 0) != WAIT_OBJECT_0;
}

static DWORD WINAPI thread_main(void *argument)
{
    thread_begin begin = *(thread_begin *)argument;

    mem_free(argument);
    begin.run(begin.argument);
    FreeLibraryAndExitThread(begin.module, 0);
}

DWORD thread_start(void (*run)(void *argument), void *argument, DWORD stack)
{
    thread_begin *begin = mem_alloc(sizeof(*begin));
    HANDLE thread;
    DWORD error;

    if (!begin)
        return ERROR_NOT_ENOUGH_MEMORY;
    begin->run = run;
    begin->argument = argument;
    if (!module_hold(&begin->module))
    {
        error = GetLastError();
        goto fail;
    }
    thread = win32.create_thread(NULL, stack, thread_main, begin, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!thread)
    {
        error = GetLastError();
        FreeLibrary(begin->module);
        goto fail;
    }
    CloseHandle(thread);
    return 0;

fail:
    mem_free(begin);
    return error;
}
