/* security.h: who may open the pipe. Any thread may call everything here. */

#ifndef PIPE_SECURITY_H
#define PIPE_SECURITY_H

#include "pipe/pipe.h"

/* What a client needs: FILE_GENERIC_READ and FILE_GENERIC_WRITE without FILE_CREATE_PIPE_INSTANCE, which is the bit of
 * FILE_APPEND_DATA. A client that asks for GENERIC_WRITE gets in with these: Windows leaves that bit out of what a
 * client asks for, and adds it to what a server asks for (in ReactOS, drivers/filesystems/npfs/create.c,
 * NpCreateClientEnd and NpCreateExistingNamedPipe; PipeAccessRights.ReadWrite of .NET leaves it out, too). */
#define PIPE_CLIENT_ACCESS ((FILE_GENERIC_READ | FILE_GENERIC_WRITE) & ~(DWORD)FILE_APPEND_DATA)

typedef struct security
{
    SECURITY_ATTRIBUTES attributes; /* for CreateNamedPipe; points to `descriptor`; not inheritable */
    SECURITY_DESCRIPTOR descriptor;
    ACL *list;        /* owned */
    TOKEN_USER *user; /* owned; of this process */
} security;

/* Returns a copy of a descriptor of one block, to be freed with mem_free; NULL: memory is short. */
SECURITY_DESCRIPTOR *security_copy(const SECURITY_DESCRIPTOR *descriptor);

/* Makes the descriptor that `wanted` asks for: what `wanted->descriptor` says, which must outlive `s`, or the preset.
 * It names this user as the owner unless the given one names one. Without `allow_remote` its access list begins with a
 * denial of NETWORK, unless the token of this process holds NETWORK itself. Generic rights become the rights of a pipe.
 * Call it while the thread acts as the process.
 *
 * Errors: NO_ACCESS_LIST (the given one has none, or lets everybody do everything); KEEPS_US_OUT (with the given one
 * this process could not make a second instance); a Win32 code. Call security_fini in any case. Do not move
 * `s` afterwards: it points into itself. */
DWORD security_init(security *s, const access_settings *wanted);
/* Frees what `s` owns. Idempotent; also for an `s` that is all zero. */
void security_fini(security *s);

/* Sets *same to whether owner, access list and integrity label of two pipes are the same to the byte, as the system
 * keeps them. Both handles must have READ_CONTROL. Returns a Win32 code; *same is false after a failure. */
DWORD security_compare(HANDLE one, HANDLE other, bool *same);

/* The account that owns a pipe. */
typedef struct pipe_owner
{
    DWORD size; /* bytes of `sid`; 0: not known */
    BYTE sid[SECURITY_MAX_SID_SIZE];
} pipe_owner;

/* Reads who owns the pipe. The handle must have READ_CONTROL, which generic reading and writing both bring. Does not
 * block for a pipe of this computer. Returns a Win32 code; after a failure the owner is not known. */
DWORD security_read_owner(HANDLE pipe, pipe_owner *out);
/* Returns whether both are known and the same. */
bool security_is_same_owner(const pipe_owner *one, const pipe_owner *other);

#endif
