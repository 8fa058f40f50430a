/* objects.h: kernel objects and their handles. A use of a handle that is not open is a violation, and so is a handle
 * that is open at the end of a run. */

#ifndef SIM_OBJECTS_H
#define SIM_OBJECTS_H

#include <windows.h>

#include <stdbool.h>

typedef enum object_kind
{
    OBJECT_EVENT,
    OBJECT_THREAD,
    OBJECT_PORT,
    OBJECT_FILE,
    OBJECT_SEARCH,
    OBJECT_TOKEN,
    OBJECT_KINDS
} object_kind;

/* The head of each object. `number` counts the objects of a kind in a run. */
typedef struct object
{
    object_kind kind;
    int number;
    int references; /* handles, requests and others that need it */
    int handles;
    void (*before_close)(struct object *o);       /* NULL: nothing to do */
    void (*last_handle_closed)(struct object *o); /* NULL: nothing to do */
    void (*freed)(struct object *o);              /* NULL: nothing to do */
} object;

void objects_begin(void);
/* Ends a run: every handle must be closed. */
void objects_end(void);

/* Makes an object of `size` bytes, all zero behind the head, with one reference. */
void *object_create(object_kind kind, size_t size);
object *object_hold(object *o);
void object_release(object *o);
/* Returns a new handle, which holds the object. */
HANDLE object_open(object *o);
/* Returns the object of a handle. A handle of another kind, or of none, is a violation: `function` says of whom. */
void *object_of(HANDLE handle, object_kind kind, const char *function);
/* The same for a handle of any kind. */
object *object_of_any(HANDLE handle, const char *function);
const char *object_kind_name(object_kind kind);

#endif
