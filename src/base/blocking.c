/* Threading: `guard` guards all variables of this file. It is a leaf: no other lock is taken while a thread holds
 * it. */

#include "base/blocking.h"

#include "base/lock.h"
#include "base/thread.h"

#define IDLE_MS 250 /* how long a thread waits for its next task */

static lock guard;
static CONDITION_VARIABLE task_came = CONDITION_VARIABLE_INIT;
static list waiting STATIC_GUARDED_BY(guard) = {{&waiting.head, &waiting.head}};
static unsigned announced
    STATIC_GUARDED_BY(guard); /* tasks in `waiting`, and tasks that will be there once their thread was made */
static unsigned idle STATIC_GUARDED_BY(guard); /* threads that wait for a task */

/* Waits for the next task and takes it out of `waiting`. NULL: none came within IDLE_MS. */
static blocking_task *await_task(void)
{
    list_link *link;

    lock_acquire(&guard);
    idle++;
    while (list_empty(&waiting) && (lock_wait(&guard, &task_came, IDLE_MS) || announced))
        continue;
    idle--;
    link = list_take_first(&waiting);
    if (link)
        announced--;
    lock_release(&guard);
    return link ? CONTAINER_OF(link, blocking_task, link) : NULL;
}

static void serve(void *unused)
{
    blocking_task *task;

    (void)unused;
    while ((task = await_task()) != NULL)
        task->run(task);
}

/* Announces one more task, and starts a thread for the task if the idle threads are too few. */
static DWORD announce(void)
{
    bool enough;
    DWORD error;

    lock_acquire(&guard);
    enough = ++announced <= idle;
    lock_release(&guard);
    error = enough ? 0 : thread_start(serve, NULL, THREAD_STACK_SMALL);
    if (!error)
        return 0;
    lock_acquire(&guard);
    announced--;
    lock_release(&guard);
    return error;
}

DWORD blocking_run(blocking_task *task, void (*run)(blocking_task *task))
{
    DWORD error = announce();

    if (error)
        return error;
    task->run = run;
    lock_acquire(&guard);
    list_append(&waiting, &task->link);
    lock_release(&guard);
    WakeConditionVariable(&task_came);
    return 0;
}
