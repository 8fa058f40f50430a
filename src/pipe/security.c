#include "pipe/security.h"

/* Read, write and make further instances (FILE_ALL_ACCESS as winnt.h defines it). */
#define PIPE_ACCESS FILE_ALL_ACCESS

typedef union sid_space
{
    SID sid;
    BYTE bytes[SECURITY_MAX_SID_SIZE];
} sid_space;

static DWORD find_user(TOKEN_USER **out)
{
    HANDLE token;
    DWORD size = 0, error = 0;
    TOKEN_USER *user;

    *out = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return GetLastError();
    GetTokenInformation(token, TokenUser, NULL, 0, &size);
    user = mem_alloc(size);
    if (!user)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (!GetTokenInformation(token, TokenUser, user, size, &size))
    {
        error = GetLastError();
        mem_free(user);
        user = NULL;
    }
    CloseHandle(token);
    *out = user;
    return error;
}

static DWORD find_well_known(WELL_KNOWN_SID_TYPE type, sid_space *out)
{
    DWORD size = sizeof(*out);

    return CreateWellKnownSid(type, NULL, &out->sid, &size) ? 0 : GetLastError();
}

static DWORD make_list(PSID *sids, unsigned count, ACL **out)
{
    DWORD size = sizeof(ACL);
    ACL *list;

    for (unsigned i = 0; i < count; i++)
        size += (DWORD)(sizeof(ACCESS_ALLOWED_ACE) - sizeof(DWORD)) + GetLengthSid(sids[i]);
    *out = list = mem_alloc(size);
    if (!list)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!InitializeAcl(list, size, ACL_REVISION))
        return GetLastError();
    for (unsigned i = 0; i < count; i++)
        if (!AddAccessAllowedAce(list, ACL_REVISION, PIPE_ACCESS, sids[i]))
            return GetLastError();
    return 0;
}

DWORD security_init_current_user(security *s)
{
    sid_space system, administrators;
    TOKEN_USER *user = NULL;
    DWORD error;

    memset(s, 0, sizeof(*s));
    error = find_user(&user);
    if (!error)
        error = find_well_known(WinLocalSystemSid, &system);
    if (!error)
        error = find_well_known(WinBuiltinAdministratorsSid, &administrators);
    if (!error)
    {
        PSID sids[] = {user->User.Sid, &system.sid, &administrators.sid};

        error = make_list(sids, sizeof(sids) / sizeof(sids[0]), &s->list);
    }
    mem_free(user);
    if (error)
        return error;
    if (!InitializeSecurityDescriptor(&s->descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&s->descriptor, TRUE, s->list, FALSE) ||
        !SetSecurityDescriptorControl(&s->descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
        return GetLastError();
    s->attributes.nLength = sizeof(s->attributes);
    s->attributes.lpSecurityDescriptor = &s->descriptor;
    return 0;
}

void security_fini(security *s)
{
    mem_free(s->list);
    s->list = NULL;
}

/* ---- comparing what the system keeps ---- */

/* Returns one block, to be freed with mem_free; NULL after a failure. */
static SECURITY_DESCRIPTOR *read_descriptor(HANDLE pipe, DWORD *size, DWORD *error)
{
    const SECURITY_INFORMATION parts =
        OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION;
    SECURITY_DESCRIPTOR *descriptor;

    *size = 0;
    *error = GetKernelObjectSecurity(pipe, parts, NULL, 0, size) ? 0 : GetLastError();
    if (*error && *error != ERROR_INSUFFICIENT_BUFFER)
        return NULL;
    *error = ERROR_NOT_ENOUGH_MEMORY;
    descriptor = mem_alloc(*size);
    if (!descriptor)
        return NULL;
    *error = GetKernelObjectSecurity(pipe, parts, descriptor, *size, size) ? 0 : GetLastError();
    if (!*error)
        return descriptor;
    mem_free(descriptor);
    return NULL;
}

DWORD security_compare(HANDLE one, HANDLE other, bool *same)
{
    DWORD error, size, other_size;
    SECURITY_DESCRIPTOR *descriptor = read_descriptor(one, &size, &error), *other_descriptor = NULL;

    *same = false;
    if (descriptor)
        other_descriptor = read_descriptor(other, &other_size, &error);
    if (other_descriptor)
        *same = size == other_size && !memcmp(descriptor, other_descriptor, size);
    mem_free(descriptor);
    mem_free(other_descriptor);
    return error;
}
