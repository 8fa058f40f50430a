/* registry.h: changes of the registry that can be undone.
 *
 * A registry_changes belongs to its caller; one thread at a time uses it. Keys are paths below `root`, in the registry
 * view of this process's bitness. Errors are Win32 codes. */

#ifndef DLL_REGISTRY_H
#define DLL_REGISTRY_H

#include "base/list.h"

typedef struct registry_changes
{
    HKEY root;
    list done; /* list of `change`, in the order of the changes */
} registry_changes;

/* Begins a series of changes. Write with registry_write; end the series with registry_keep or registry_undo. */
void registry_begin(registry_changes *changes, HKEY root);

/* Creates the key if it is missing, and sets the value `name` of the key to the text `value`. `name` NULL: the default
 * value; `value` NULL: no value is set. `name` must stay until the series ends. The keys above `key` must exist
 * already, or registry_undo leaves them behind. */
DWORD registry_write(registry_changes *changes, const WCHAR *key, const WCHAR *name, const WCHAR *value);

/* registry_keep ends the series and keeps the changes. registry_undo ends the series and restores what was there
 * before, as far as the system allows. */
void registry_keep(registry_changes *changes);
void registry_undo(registry_changes *changes);

/* Deletes a key with everything below it. Returns 0 if the key is missing. */
DWORD registry_delete_tree(HKEY root, const WCHAR *key);

/* The system calls that a test may replace. */
typedef struct registry_calls
{
    LSTATUS(WINAPI *create_key)
    (HKEY root, const WCHAR *key, DWORD reserved, WCHAR *type, DWORD options, REGSAM access,
     SECURITY_ATTRIBUTES *security, HKEY *out, DWORD *disposition);
    LSTATUS(WINAPI *set_value)(HKEY key, const WCHAR *name, DWORD reserved, DWORD type, const BYTE *data, DWORD size);
    LSTATUS(WINAPI *delete_tree)(HKEY root, const WCHAR *key);
} registry_calls;

extern registry_calls registry_system;

#endif
