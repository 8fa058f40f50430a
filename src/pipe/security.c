#include "pipe/security.h"

/* Reading, writing and making further instances (FILE_ALL_ACCESS as winnt.h defines it). */
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
        size += sizeof(ACCESS_ALLOWED_ACE) - sizeof(DWORD) + GetLengthSid(sids[i]);
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

/* ---- as the system has it ---- */

/* One block, freed with mem_free; NULL after a failure. */
static DWORD read_descriptor(HANDLE pipe, SECURITY_DESCRIPTOR **out, DWORD *size)
{
    const SECURITY_INFORMATION parts =
        OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION;
    DWORD error;

    *out = NULL;
    *size = 0;
    if (!GetKernelObjectSecurity(pipe, parts, NULL, 0, size))
    {
        error = GetLastError();
        if (error != ERROR_INSUFFICIENT_BUFFER)
            return error;
    }
    *out = mem_alloc(*size);
    if (!*out)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (GetKernelObjectSecurity(pipe, parts, *out, *size, size))
        return 0;
    error = GetLastError();
    mem_free(*out);
    *out = NULL;
    return error;
}

DWORD security_compare(HANDLE one, HANDLE other, bool *same)
{
    SECURITY_DESCRIPTOR *first, *second = NULL;
    DWORD first_size, second_size, error;

    *same = false;
    error = read_descriptor(one, &first, &first_size);
    if (!error)
        error = read_descriptor(other, &second, &second_size);
    if (!error)
        *same = first_size == second_size && !memcmp(first, second, first_size);
    mem_free(first);
    mem_free(second);
    return error;
}
