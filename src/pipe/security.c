#include "pipe/security.h"

static const GENERIC_MAPPING pipe_rights = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE,
                                            FILE_ALL_ACCESS};

typedef union sid_space
{
    SID sid;
    BYTE bytes[SECURITY_MAX_SID_SIZE];
} sid_space;

/* ---- this process ---- */

/* Returns what a token holds of one kind as a block to be freed with mem_free; NULL after a failure. */
static void *query_token(HANDLE token, TOKEN_INFORMATION_CLASS kind, DWORD *error)
{
    DWORD size = 0;
    void *block;

    win32.get_token_information(token, kind, NULL, 0, &size);
    block = mem_alloc(size);
    *error = ERROR_NOT_ENOUGH_MEMORY;
    if (!block)
        return NULL;
    *error = win32.get_token_information(token, kind, block, size, &size) ? 0 : GetLastError();
    if (!*error)
        return block;
    mem_free(block);
    return NULL;
}

static void *query_process(TOKEN_INFORMATION_CLASS kind, DWORD *error)
{
    HANDLE token;
    void *block;

    *error = OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) ? 0 : GetLastError();
    if (*error)
        return NULL;
    block = query_token(token, kind, error);
    CloseHandle(token);
    return block;
}

static DWORD find_well_known(WELL_KNOWN_SID_TYPE type, sid_space *out)
{
    DWORD size = sizeof(*out);

    return CreateWellKnownSid(type, NULL, &out->sid, &size) ? 0 : GetLastError();
}

/* Sets *holds to whether a denial of `sid` would meet this process: also a group that only counts for denials does. */
static DWORD token_holds(PSID sid, bool *holds)
{
    DWORD error;
    TOKEN_GROUPS *groups = query_process(TokenGroups, &error);

    *holds = false;
    if (!groups)
        return error;
    for (DWORD i = 0; i < groups->GroupCount; i++)
        *holds |= EqualSid(groups->Groups[i].Sid, sid) != FALSE;
    mem_free(groups);
    return 0;
}

/* ---- the access list ---- */

#define LIST_MAX 65532 /* bytes; AclSize is a WORD, and entries are aligned to 4 */

/* Makes an empty list with room for `entries` bytes and for a denial; more than will be needed, but for a list that is
 * about as long as a list can be: then adding to it fails. */
static DWORD make_list(DWORD entries, DWORD revision, ACL **out)
{
    DWORD size = (DWORD)(sizeof(ACL) + sizeof(ACCESS_DENIED_ACE)) + SECURITY_MAX_SID_SIZE + entries;

    if (size > LIST_MAX)
        size = LIST_MAX;
    *out = mem_alloc(size);
    if (!*out)
        return ERROR_NOT_ENOUGH_MEMORY;
    return InitializeAcl(*out, size, revision) ? 0 : GetLastError();
}

/* Denies clients that have logged on over the network. */
static DWORD add_denial(ACL *list)
{
    sid_space network;
    bool holds = false;
    DWORD error = find_well_known(WinNetworkSid, &network);

    if (!error)
        error = token_holds(&network.sid, &holds);
    if (error || holds)
        return error;
    return AddAccessDeniedAce(list, list->AclRevision, FILE_ALL_ACCESS, &network.sid) ? 0 : GetLastError();
}

static DWORD add_grant(ACL *list, WELL_KNOWN_SID_TYPE type)
{
    sid_space sid;
    DWORD error = find_well_known(type, &sid);

    if (error)
        return error;
    return AddAccessAllowedAce(list, list->AclRevision, PIPE_CLIENT_ACCESS, &sid.sid) ? 0 : GetLastError();
}

/* Only this user may make instances. */
static DWORD list_preset(security *s, const access_settings *wanted)
{
    static const WELL_KNOWN_SID_TYPE clients[][3] = {
        [ACCESS_CURRENT_USER] = {WinLocalSystemSid, WinBuiltinAdministratorsSid},
        [ACCESS_AUTHENTICATED_USERS] = {WinLocalSystemSid, WinBuiltinAdministratorsSid, WinAuthenticatedUserSid},
        [ACCESS_EVERYONE] = {WinLocalSystemSid, WinBuiltinAdministratorsSid, WinWorldSid},
    };
    unsigned count = wanted->preset == ACCESS_CURRENT_USER ? 2 : 3;
    DWORD error = make_list(4 * (DWORD)(sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE), ACL_REVISION, &s->list);

    if (!error && !wanted->allow_remote)
        error = add_denial(s->list);
    if (!error && !AddAccessAllowedAce(s->list, ACL_REVISION, FILE_ALL_ACCESS, s->user->User.Sid))
        error = GetLastError();
    for (unsigned i = 0; !error && i < count; i++)
        error = add_grant(s->list, clients[wanted->preset][i]);
    return error;
}

/* Generic rights become the rights of a pipe. Every kind of entry has its rights at the same place. */
static DWORD map_rights(ACL *list)
{
    GENERIC_MAPPING mapping = pipe_rights;

    for (DWORD i = 0; i < list->AceCount; i++)
    {
        ACCESS_ALLOWED_ACE *entry;

        if (!GetAce(list, i, (void **)&entry))
            return GetLastError();
        MapGenericMask(&entry->Mask, &mapping);
    }
    return 0;
}

/* Copies the entries of the given list, behind the denial. */
static DWORD list_given(security *s, const access_settings *wanted, ACL *given)
{
    DWORD error = make_list(given->AclSize, given->AclRevision, &s->list);

    if (!error && !wanted->allow_remote)
        error = add_denial(s->list);
    for (DWORD i = 0; !error && i < given->AceCount; i++)
    {
        ACE_HEADER *entry;

        if (!GetAce(given, i, (void **)&entry))
            return GetLastError();
        if (!AddAce(s->list, given->AclRevision, MAXDWORD, entry, entry->AceSize))
            error = s->list->AclSize == LIST_MAX ? ERROR_ALLOTTED_SPACE_EXCEEDED : GetLastError();
    }
    return error ? error : map_rights(s->list);
}

/* Cuts off the room that was not needed: the system would keep it. */
static DWORD trim_list(ACL *list)
{
    void *end;

    if (!FindFirstFreeAce(list, &end))
        return GetLastError();
    list->AclSize = (WORD)((BYTE *)end - (BYTE *)list);
    return 0;
}

/* ---- the descriptor ---- */

/* Takes owner, group, label and flags from the given descriptor. */
static DWORD take_rest(SECURITY_DESCRIPTOR *to, SECURITY_DESCRIPTOR *from)
{
    const SECURITY_DESCRIPTOR_CONTROL kept = SE_DACL_PROTECTED | SE_SACL_PROTECTED;
    SECURITY_DESCRIPTOR_CONTROL control;
    DWORD revision;
    PSID owner, group;
    ACL *labels;
    BOOL defaulted, present;

    if (!GetSecurityDescriptorControl(from, &control, &revision) ||
        !SetSecurityDescriptorControl(to, kept, control & kept) ||
        !GetSecurityDescriptorOwner(from, &owner, &defaulted) ||
        (owner && !SetSecurityDescriptorOwner(to, owner, FALSE)) ||
        !GetSecurityDescriptorGroup(from, &group, &defaulted) ||
        (group && !SetSecurityDescriptorGroup(to, group, FALSE)) ||
        !GetSecurityDescriptorSacl(from, &present, &labels, &defaulted) ||
        (present && !SetSecurityDescriptorSacl(to, TRUE, labels, FALSE)))
        return GetLastError();
    return 0;
}

static bool has_label(const SECURITY_DESCRIPTOR *descriptor)
{
    BOOL present, defaulted;
    ACE_HEADER *entry;
    ACL *list;

    if (!GetSecurityDescriptorSacl((void *)(uintptr_t)descriptor, &present, &list, &defaulted) || !present || !list)
        return false;
    for (DWORD i = 0; i < list->AceCount; i++)
        if (GetAce(list, i, (void **)&entry) && entry->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE)
            return true;
    return false;
}

typedef union label_space
{
    ACL list;
    BYTE bytes[sizeof(ACL) + sizeof(SYSTEM_MANDATORY_LABEL_ACE) + SECURITY_MAX_SID_SIZE];
} label_space;

/* Gives the descriptor the label that the system gives a new object that has none. A process whose integrity is below
 * medium gives its objects its own; other objects get none, and count as medium. ("Mandatory Integrity Control" and
 * "Windows Integrity Mechanism Design" on learn.microsoft.com.) */
static DWORD add_implied_label(SECURITY_DESCRIPTOR *descriptor, label_space *space)
{
    TOKEN_MANDATORY_LABEL *own;
    DWORD error = 0;

    if (has_label(descriptor))
        return 0;
    own = query_process(TokenIntegrityLevel, &error);
    if (!own)
        return error;
    if (*GetSidSubAuthority(own->Label.Sid, 0) < SECURITY_MANDATORY_MEDIUM_RID &&
        (!InitializeAcl(&space->list, sizeof(*space), ACL_REVISION) ||
         !AddMandatoryAce(&space->list, ACL_REVISION, 0, SYSTEM_MANDATORY_LABEL_NO_WRITE_UP, own->Label.Sid) ||
         !SetSecurityDescriptorSacl(descriptor, TRUE, &space->list, FALSE)))
        error = GetLastError();
    mem_free(own);
    return error;
}

/* Asks whether this process may make an instance of a pipe with this descriptor. AccessCheck wants a group. */
static DWORD check_own_access(const security *s)
{
    SECURITY_DESCRIPTOR descriptor = s->descriptor;
    label_space label;
    GENERIC_MAPPING mapping = pipe_rights;
    PRIVILEGE_SET privileges;
    DWORD size = sizeof(privileges), granted, error = add_implied_label(&descriptor, &label);
    HANDLE process, token = NULL;
    BOOL may = FALSE;

    if (error)
        return error;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, &process))
        return GetLastError();
    if (!SetSecurityDescriptorGroup(&descriptor, s->user->User.Sid, FALSE) ||
        !DuplicateToken(process, SecurityIdentification, &token) ||
        !win32.access_check(&descriptor, token, FILE_GENERIC_READ | FILE_GENERIC_WRITE, &mapping, &privileges, &size,
                            &granted, &may))
        error = GetLastError();
    if (token)
        CloseHandle(token);
    CloseHandle(process);
    return error || may ? error : (DWORD)PIPE_ERROR_KEEPS_US_OUT;
}

static DWORD init_from_given(security *s, const access_settings *wanted)
{
    SECURITY_DESCRIPTOR *given = (void *)(uintptr_t)wanted->descriptor;
    BOOL present, defaulted;
    ACL *list;
    DWORD error;

    if (!GetSecurityDescriptorDacl(given, &present, &list, &defaulted))
        return GetLastError();
    if (!present || !list)
        return PIPE_ERROR_NO_ACCESS_LIST;
    error = list_given(s, wanted, list);
    return error ? error : take_rest(&s->descriptor, given);
}

static DWORD init_from_preset(security *s, const access_settings *wanted)
{
    DWORD error = list_preset(s, wanted);

    if (error)
        return error;
    return SetSecurityDescriptorControl(&s->descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED) ? 0 : GetLastError();
}

SECURITY_DESCRIPTOR *security_copy(const SECURITY_DESCRIPTOR *descriptor)
{
    DWORD size = GetSecurityDescriptorLength((void *)(uintptr_t)descriptor);
    SECURITY_DESCRIPTOR *copy = mem_alloc(size);

    if (copy)
        memcpy(copy, descriptor, size);
    return copy;
}

DWORD security_init(security *s, const access_settings *wanted)
{
    DWORD error;

    memset(s, 0, sizeof(*s));
    s->user = query_process(TokenUser, &error);
    if (!s->user)
        return error;
    if (!InitializeSecurityDescriptor(&s->descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorOwner(&s->descriptor, s->user->User.Sid, FALSE))
        return GetLastError();
    error = wanted->descriptor ? init_from_given(s, wanted) : init_from_preset(s, wanted);
    if (!error)
        error = trim_list(s->list);
    if (error)
        return error;
    if (!SetSecurityDescriptorDacl(&s->descriptor, TRUE, s->list, FALSE))
        return GetLastError();
    s->attributes.nLength = sizeof(s->attributes);
    s->attributes.lpSecurityDescriptor = &s->descriptor;
    return wanted->descriptor ? check_own_access(s) : 0;
}

void security_fini(security *s)
{
    mem_free(s->list);
    mem_free(s->user);
    s->list = NULL;
    s->user = NULL;
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

/* ---- the owner ---- */

DWORD security_read_owner(HANDLE pipe, pipe_owner *out)
{
    union
    {
        SECURITY_DESCRIPTOR descriptor;
        BYTE room[sizeof(SECURITY_DESCRIPTOR) + SECURITY_MAX_SID_SIZE];
    } block;
    BOOL defaulted;
    PSID sid;
    DWORD size;

    out->size = 0;
    if (!GetKernelObjectSecurity(pipe, OWNER_SECURITY_INFORMATION, &block.descriptor, sizeof(block), &size) ||
        !GetSecurityDescriptorOwner(&block.descriptor, &sid, &defaulted))
        return GetLastError();
    size = sid ? GetLengthSid(sid) : 0;
    if (!size || size > sizeof(out->sid))
        return ERROR_INVALID_OWNER;
    memcpy(out->sid, sid, size);
    out->size = size;
    return 0;
}

bool security_is_same_owner(const pipe_owner *one, const pipe_owner *other)
{
    return one->size && one->size == other->size && !memcmp(one->sid, other->sid, one->size);
}
