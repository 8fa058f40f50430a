/* names.h: the names of pipes. A name lives until both ends of all its instances are closed (NPFS, strucsup.c), and
 * keeps the type, the limit and the security of its first instance. */

#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include <windows.h>

#include <stdbool.h>

struct pipe;

typedef struct pipe_name
{
    struct pipe_name *next;
    WCHAR text[MAX_PATH]; /* without the prefix, in capital letters */
    WCHAR shown[MAX_PATH];
    int number;
    bool is_hidden; /* not found any more; only its clients are left */
    bool messages;
    DWORD max_instances;
    DWORD default_wait;        /* ms, of WaitNamedPipe */
    bool to_server, to_client; /* the directions that the pipe has */
    struct pipe *pipes;        /* its instances */
    BYTE access[256];          /* the access list of its first instance */
    DWORD access_size;
    DWORD owner; /* sub-authority of the SID of who made the first instance */
} pipe_name;

void names_begin(void);
/* Names that are made from now on, until the end of the run, belong to this account. */
#define NAMES_OWNER_AT_FIRST 1000u
void names_own_as(DWORD owner);
/* Ends a run: no name may live. */
void names_end(void);

/* Returns whether a path leads to another computer's pipes. See network.h for which these are. */
bool path_is_remote(const WCHAR *path);
/* Returns the name of a path, or NULL. */
pipe_name *name_find(const WCHAR *path);
pipe_name *name_create(const WCHAR *path, const SECURITY_ATTRIBUTES *security);
/* Frees a name without instances. */
void name_drop(pipe_name *n);

#endif
