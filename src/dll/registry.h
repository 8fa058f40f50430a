/* registry.h: changes of the registry that can be taken back.
 *
 * A caller's own; one thread at a time. Keys are paths below `root`, in the view of this process's bitness. Errors are
 * Win32 codes. */

#ifndef DLL_REGISTRY_H
#define DLL_REGISTRY_H

#include "base/list.h"

typedef struct registry_changes
{
    HKEY root;
    list done; /* of change */
} registry_changes;

void registry_begin(registry_changes *changes, HKEY root);

/* Makes the key where there is none (those above it must be there already, or stay for ever), and sets a value of it:
 * the default one where `name` is NULL, none where `value` is NULL. */
DWORD registry_write(registry_changes *changes, const WCHAR *key, const WCHAR *name, const WCHAR *value);

/* The end of the changes: they stay, or all is as it was before, as far as the system lets us. */
void registry_keep(registry_changes *changes);
void registry_undo(registry_changes *changes);

/* Deletes a key with all below it. 0 where there is none. */
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
