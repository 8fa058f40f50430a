#include "objects.h"

#include "failure.h"
#include "faults.h"
#include "limits.h"
#include "scheduler.h"
#include "ways.h"

#include <stdlib.h>

static object *table[HANDLES_MOST + 1]; /* by value / 4; 0 is no handle */
static int highest;
static int numbers[OBJECT_KINDS];

void objects_begin(void)
{
    highest = 0;
    memset(numbers, 0, sizeof(numbers));
}

const char *object_kind_name(object_kind kind)
{
    static const char *const names[] = {"event", "thread", "port", "pipe end", "search", "token"};

    return names[kind];
}

void objects_end(void)
{
    for (int i = 1; i <= highest; i++)
        if (table[i])
            fail("a handle of %s %d is open at the end", object_kind_name(table[i]->kind), table[i]->number);
}

void *object_create(object_kind kind, size_t size)
{
    object *o = calloc(1, size);

    if (!o)
        fail("the host has no memory");
    o->kind = kind;
    o->number = ++numbers[kind];
    o->references = 1;
    return o;
}

object *object_hold(object *o)
{
    o->references++;
    return o;
}

void object_release(object *o)
{
    if (--o->references)
        return;
    if (o->freed)
        o->freed(o);
    free(o);
}

static int free_place(void)
{
    if (ways.reuses_handles)
        for (int i = 1; i <= highest; i++)
            if (!table[i])
                return i;
    if (highest == HANDLES_MOST)
        fail("the run has more than %d handles", HANDLES_MOST);
    return ++highest;
}

HANDLE object_open(object *o)
{
    int place = free_place();

    table[place] = object_hold(o);
    o->handles++;
    return (HANDLE)(ULONG_PTR)(place * 4);
}

object *object_of_any(HANDLE handle, const char *function)
{
    ULONG_PTR value = (ULONG_PTR)handle;

    if (value % 4 || value / 4 > (ULONG_PTR)highest || !table[value / 4])
        fail("%s gets %#lx, which is no open handle", function, (unsigned long)value);
    return table[value / 4];
}

void *object_of(HANDLE handle, object_kind kind, const char *function)
{
    object *o = object_of_any(handle, function);

    if (o->kind != kind)
        fail("%s gets a handle of a %s, which should be a %s", function, object_kind_name(o->kind),
             object_kind_name(kind));
    return o;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    object *o = object_of_any(handle, "CloseHandle");

    point("CloseHandle", object_kind_name(o->kind), o->number, 0);
    if (o->before_close)
        o->before_close(o);
    o = object_of_any(handle, "CloseHandle"); /* another thread may have closed it meanwhile */
    table[(ULONG_PTR)handle / 4] = NULL;
    if (--o->handles == 0 && o->last_handle_closed)
        o->last_handle_closed(o);
    object_release(o);
    point("CloseHandle.", "", 0, 0);
    return TRUE;
}

BOOL WINAPI DuplicateHandle(HANDLE from, HANDLE handle, HANDLE to, HANDLE *out, DWORD access, BOOL inherit,
                            DWORD options)
{
    object *o = object_of_any(handle, "DuplicateHandle");

    (void)from;
    (void)to;
    (void)access;
    (void)inherit;
    (void)options;
    point("DuplicateHandle", object_kind_name(o->kind), o->number, 0);
    if (fault(FAULT_DUPLICATE))
        return FALSE;
    *out = object_open(object_of_any(handle, "DuplicateHandle"));
    return TRUE;
}
