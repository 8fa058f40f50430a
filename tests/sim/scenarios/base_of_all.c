#include "base/module.h"
#include "base/thread.h"
#include "failure.h"
#include "faults.h"
#include "pipe/pipe.h"
#include "scenario.h"
#include "threads.h"

static void check_path(void)
{
    static const DWORD lengths[] = {1, MAX_PATH - 1, MAX_PATH, MAX_PATH + 1, 5000, 32767};
    DWORD length = lengths[choose(6)];
    WCHAR *path;

    module_path_is(length);
    path = module_path();
    if (path ? (DWORD)lstrlenW(path) != length : !faults_made())
        fail("the path of the module has %u characters, and %d come", length, path ? lstrlenW(path) : 0);
    mem_free(path);
    module_path_is(choose(2) ? 0 : 200000);
    path = module_path();
    if (path)
        fail("there is a path that the system does not give");
}

static HANDLE other;

static void live(void *unused)
{
    (void)unused;
    other = thread_open_self();
    loiter(50);
}

static void check_thread(void)
{
    int thread;

    other = NULL;
    thread = thread_begin(live, NULL, "other");
    loiter(choose(80));
    if (!thread_lives(NULL))
        fail("a thread whose handle is not known does not live");
    if (other && !thread_lives(other) && thread_runs(thread))
        fail("a thread that runs does not live");
    thread_wait(thread);
    if (other && thread_lives(other))
        fail("a thread that has ended lives");
    if (other)
        CloseHandle(other);
}

static void check_payload(void)
{
    payload *p = payload_create("some", 4);

    if (p && (payload_size(p) != 4 || memcmp(payload_data(p), "some", 4) != 0))
        fail("a payload is not what it was made of");
    payload_release(p);
    payload_release(NULL);
}

/* What the layers above use of base, and no engine does. */
void scenario_base_of_all(void)
{
    check_path();
    check_thread();
    check_payload();
}
