/* registered.h: what the registry says about this library: for the machine and for this user, in both bitnesses. Any
 * thread; it reads the registry and asks whether files of this computer exist. */

#ifndef COM_REGISTERED_H
#define COM_REGISTERED_H

#include "com/com.h"

typedef enum registered_scope
{
    REGISTERED_MACHINE,
    REGISTERED_USER,
    REGISTERED_SCOPES
} registered_scope;

typedef enum registered_bitness
{
    REGISTERED_X64,
    REGISTERED_X86,
    REGISTERED_BITNESSES
} registered_bitness;

typedef enum registered_file
{
    REGISTERED_IS_THIS, /* the file that this code is in */
    REGISTERED_IS_THERE,
    REGISTERED_IS_MISSING,
    REGISTERED_IS_FAR /* another computer's: nobody looked */
} registered_file;

/* One entry. */
typedef struct registered_entry
{
    WCHAR *path; /* owned; NULL: there is no entry, or it cannot be read */
    DWORD error; /* why it cannot be read; 0: there is none, or it was */
    registered_file file;
} registered_entry;

typedef struct registered
{
    bool has_other; /* Windows has a view for each bitness; else only that of this process was looked at */
    registered_entry classes[REGISTERED_BITNESSES][REGISTERED_SCOPES];
    registered_entry libraries[REGISTERED_BITNESSES][REGISTERED_SCOPES]; /* the type library's */
} registered;

/* The bitness of this process. */
registered_bitness registered_own(void);

/* Looks for the class `clsid`; `own_path` is the path of this module, or NULL if it is not known. Call registered_fini
 * afterwards. */
void registered_look(const CLSID *clsid, const WCHAR *own_path, registered *out);
void registered_fini(registered *r);

/* Returns the entry that programs of that bitness use, which is the user's if there is one; NULL: there is none. */
const registered_entry *registered_in_use(const registered_entry entries[REGISTERED_SCOPES]);

/* The system calls that a test may replace. */
typedef struct registered_calls
{
    LSTATUS(WINAPI *open_key)(HKEY root, const WCHAR *key, DWORD options, REGSAM access, HKEY *out);
    LSTATUS(WINAPI *get_value)
    (HKEY key, const WCHAR *below, const WCHAR *name, DWORD flags, DWORD *type, void *data, DWORD *size);
    LSTATUS(WINAPI *close_key)(HKEY key);
    DWORD(WINAPI *get_attributes)(const WCHAR *path);
} registered_calls;

extern registered_calls registered_system;

#endif
