#include "threads.h"

#include "failure.h"
#include "faults.h"
#include "limits.h"
#include "message_queue.h"
#include "objects.h"
#include "races.h"
#include "random.h"
#include "requests.h"
#include "scheduler.h"
#include "ways.h"

#define FIRST_ID 100

typedef struct thread_object
{
    object head;
    int number; /* the scheduler's */
} thread_object;

typedef struct info
{
    DWORD last_error, id;
    LPTHREAD_START_ROUTINE start;
    void (*run)(void *argument);
    void *argument;
    thread_object *object;
    bool ended;
    bool is_worker;
    object *token; /* held */
} info;

static info infos[THREADS_MOST];
static info outside; /* the calls before and after a run */
static DWORD next_id;
static int module_references;
static DWORD path_length;

static info *mine(void)
{
    return scheduler_current() < 0 ? &outside : &infos[scheduler_current()];
}

void threads_begin(void)
{
    memset(infos, 0, sizeof(infos));
    next_id = FIRST_ID;
    module_references = 0;
    message_queues_begin();
}

void threads_end(void)
{
    for (int i = 0; i < THREADS_MOST; i++)
        if (infos[i].object) /* of the scenario's own thread, which does not end as others do */
            object_release(&infos[i].object->head);
    message_queues_end();
    if (module_references)
        fail("%d references on the module are left at the end", module_references);
}

DWORD WINAPI GetLastError(void)
{
    return mine()->last_error;
}

void WINAPI SetLastError(DWORD error)
{
    mine()->last_error = error;
}

void thread_is_worker(bool is)
{
    mine()->is_worker = is;
}

bool thread_may_block(void)
{
    return mine()->start && !mine()->is_worker;
}

object **thread_token(void)
{
    return &mine()->token;
}

/* ---- ids ---- */

static bool is_in_use(DWORD id)
{
    for (int i = 0; i < THREADS_MOST; i++)
        if (infos[i].id == id && (!infos[i].ended || (infos[i].object && infos[i].object->head.handles)))
            return true;
    return false;
}

/* An id may be used again when its thread has ended and no handle of the thread is open. */
static DWORD new_id(void)
{
    if (ways.reuses_thread_ids)
        for (DWORD id = FIRST_ID; id < next_id; id++)
            if (!is_in_use(id))
                return id;
    return next_id++;
}

/* A thread that a scenario has not begun here gets its id when it asks. */
DWORD WINAPI GetCurrentThreadId(void)
{
    info *i = mine();

    if (!i->id)
        i->id = i == &outside ? FIRST_ID - 1 : new_id();
    return i->id;
}

HANDLE WINAPI GetCurrentThread(void)
{
    return (HANDLE)(intptr_t)-2;
}

HANDLE WINAPI GetCurrentProcess(void)
{
    return (HANDLE)(intptr_t)-1;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return 4242;
}

/* ---- starting and ending ---- */

static void end_thread(void)
{
    info *i = mine();

    point("thread ends", "", 0, 0);
    message_queue_thread_ends(scheduler_current());
    if (ways.ends_with_thread)
        requests_cancel_of_thread(scheduler_current());
    i->ended = true;
    if (i->token)
        object_release(i->token);
    races_release(i);
    if (i->object)
    {
        races_release(i->object);
        object_release(&i->object->head);
    }
    i->object = NULL;
    scheduler_exit();
}

static void run_thread(void *argument)
{
    info *i = argument;

    if (i->start)
        i->start(i->argument);
    else
        i->run(i->argument);
    end_thread();
}

static int launch(info *of, const char *name)
{
    int number;

    of->id = new_id();
    /* The number is known only afterwards, and the fiber does not run before the next point. */
    number = scheduler_start(run_thread, NULL, name, false);
    infos[number] = *of;
    scheduler_set_argument(number, &infos[number]);
    return number;
}

int thread_begin(void (*run)(void *argument), void *argument, const char *name)
{
    info i = {.run = run, .argument = argument};
    int number = launch(&i, name);

    point("thread begins", "thread", number, 0);
    return number;
}

static bool has_ended(void *number)
{
    return scheduler_has_ended((int)(intptr_t)number);
}

void thread_wait(int number)
{
    scheduler_wait(has_ended, (void *)(intptr_t)number, NEVER, "the end of thread", number);
    races_acquire(&infos[number]);
}

bool thread_runs(int number)
{
    return !scheduler_has_ended(number);
}

HANDLE WINAPI CreateThread(SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start, void *argument,
                           DWORD flags, DWORD *id)
{
    info i = {.start = start, .argument = argument};
    HANDLE handle;
    int number;

    (void)security;
    (void)stack;
    (void)flags;
    point("CreateThread", "", 0, 0);
    if (fault(FAULT_CREATE_THREAD))
        return NULL;
    i.object = object_create(OBJECT_THREAD, sizeof(*i.object));
    number = launch(&i, "worker");
    i.object->number = number;
    if (id)
        *id = infos[number].id;
    handle = object_open(&i.object->head);
    point("CreateThread.", "thread", number, 0);
    return handle;
}

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    info *i = mine();

    (void)access;
    (void)inherit;
    point("OpenThread", "", 0, 0);
    if (id != i->id)
        fail("OpenThread of another thread; the stand-in does not know this case");
    if (fault(FAULT_OPEN_THREAD))
        return NULL;
    if (!i->object)
    {
        i->object = object_create(OBJECT_THREAD, sizeof(*i->object));
        i->object->number = scheduler_current();
    }
    return object_open(&i->object->head);
}

bool thread_object_has_ended(object *o)
{
    return scheduler_has_ended(((thread_object *)o)->number);
}

static bool never(void *unused)
{
    (void)unused;
    return false;
}

void WINAPI Sleep(DWORD ms)
{
    point("Sleep", "", 0, ms);
    if (ms)
        scheduler_wait(never, NULL, scheduler_in(ms), "its sleep to end", 0);
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return scheduler_now();
}

/* The counter's 10 MHz are those of Windows 10. */
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *count)
{
    count->QuadPart = (LONGLONG)scheduler_now() * 10000;
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *per_second)
{
    per_second->QuadPart = 10000000;
    return TRUE;
}

/* ---- the module ---- */

HMODULE WINAPI GetModuleHandleW(const WCHAR *name)
{
    (void)name;
    return (HMODULE)&infos;
}

BOOL WINAPI GetModuleHandleExW(DWORD flags, const WCHAR *name, HMODULE *module)
{
    (void)name;
    point("GetModuleHandleExW", "", 0, 0);
    if (!(flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT))
        module_references++;
    *module = (HMODULE)&infos;
    return TRUE;
}

DWORD WINAPI GetModuleFileNameW(HMODULE module, WCHAR *path, DWORD size)
{
    DWORD i;

    (void)module;
    for (i = 0; i < path_length && i < size - 1; i++)
        path[i] = 'p';
    path[i] = 0;
    return path_length < size ? path_length : size; /* cut off, says the page */
}

void module_path_is(DWORD length)
{
    path_length = length;
}

BOOL WINAPI FreeLibrary(HMODULE module)
{
    (void)module;
    point("FreeLibrary", "", 0, 0);
    if (--module_references < 0)
        fail("the module is released more often than it was held");
    return TRUE;
}

void WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    (void)code;
    FreeLibrary(module);
    end_thread();
    __builtin_unreachable();
}
