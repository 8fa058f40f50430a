/* SIDs, access lists, descriptors and tokens: as much as the product builds and compares. Sizes are checked; nobody is
 * refused. */

#include "security.h"

#include "failure.h"
#include "faults.h"
#include "files.h"
#include "locks.h"
#include "names.h"
#include "objects.h"
#include "pipe.h"
#include "scheduler.h"
#include "threads.h"

#define SID_SIZE 12

typedef struct token_object
{
    object head;
    bool is_anonymous;
} token_object;

static void make_sid(SID *sid, DWORD number)
{
    memset(sid, 0, SID_SIZE);
    sid->Revision = 1;
    sid->SubAuthorityCount = 1;
    sid->IdentifierAuthority[5] = 5;
    sid->SubAuthority[0] = number;
}

static BOOL fits(DWORD needed, DWORD size)
{
    if (size < needed)
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return size >= needed;
}

static HANDLE open_token(void)
{
    object *o = object_create(OBJECT_TOKEN, sizeof(token_object));
    HANDLE token = object_open(o);

    object_release(o);
    return token;
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *token)
{
    (void)process;
    (void)access;
    point("OpenProcessToken", "", 0, 0);
    if (fault(FAULT_OPEN_TOKEN))
        return FALSE;
    *token = open_token();
    return TRUE;
}

static bool refuse(DWORD error)
{
    SetLastError(error);
    return false;
}

static void set_token(object *to)
{
    object **place = thread_token();

    if (*place)
        object_release(*place);
    *place = to;
}

/* ---- impersonation: a thread acts for a client until RevertToSelf ---- */

BOOL WINAPI ImpersonateNamedPipeClient(HANDLE handle)
{
    const file *f = object_of(handle, OBJECT_FILE, "ImpersonateNamedPipeClient");

    point("ImpersonateNamedPipeClient", "pipe end", f->head.number, 0);
    f = object_of(handle, OBJECT_FILE, "ImpersonateNamedPipeClient");
    if (locks_held())
        fail("a thread acts for a client and holds a lock");
    if (!f->pipe || f->pipe->state == PIPE_STATE_DISCONNECTED || f->pipe->state == PIPE_STATE_LISTENING)
        return refuse(ERROR_PIPE_NOT_CONNECTED);
    if (!f->pipe->tells_user)
        return refuse(ERROR_CANNOT_IMPERSONATE);
    set_token(object_create(OBJECT_TOKEN, sizeof(token_object)));
    scheduler_act_for_client(true);
    return TRUE;
}

BOOL WINAPI RevertToSelf(void)
{
    point("RevertToSelf", "", 0, 0);
    set_token(NULL);
    scheduler_act_for_client(false);
    return TRUE;
}

BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token)
{
    const token_object *t = (const token_object *)*thread_token();
    bool acts = scheduler_acts_for_client();

    (void)thread;
    (void)access;
    *token = NULL;
    point("OpenThreadToken", "", 0, acts);
    if (acts && !as_self)
        fail("a thread that acts for a client opens its token as that client, which may not be allowed to");
    if (!t)
        return refuse(ERROR_NO_TOKEN);
    if (t->is_anonymous)
        return refuse(ERROR_CANT_OPEN_ANONYMOUS);
    if (fault(FAULT_THREAD_TOKEN))
        return FALSE;
    *token = object_open(*thread_token());
    return TRUE;
}

BOOL WINAPI LookupAccountSidW(const WCHAR *computer, PSID sid, WCHAR *name, DWORD *name_size, WCHAR *domain,
                              DWORD *domain_size, SID_NAME_USE *use)
{
    (void)computer;
    (void)sid;
    point("LookupAccountSidW", "", 0, 0);
    if (locks_held())
        fail("LookupAccountSid, which may wait for another computer, is called with a lock held");
    lstrcpyW(name, L"user");
    lstrcpyW(domain, L"SIM");
    *name_size = 4;
    *domain_size = 3;
    *use = SidTypeUser;
    return TRUE;
}

BOOL WINAPI SetThreadToken(HANDLE *thread, HANDLE token)
{
    (void)thread;
    point("SetThreadToken", "", 0, 0);
    if (fault(FAULT_SET_TOKEN))
        return FALSE;
    set_token(token ? object_hold(object_of(token, OBJECT_TOKEN, "SetThreadToken")) : NULL);
    return TRUE;
}

void impersonate(bool anonymously)
{
    token_object *t = object_create(OBJECT_TOKEN, sizeof(*t));

    t->is_anonymous = anonymously;
    set_token(&t->head);
}

bool impersonate_no_more(void)
{
    bool did = *thread_token() != NULL;

    set_token(NULL);
    return did;
}

void check_acts_as_process(const char *function)
{
    if (*thread_token() && !faults_are_spared())
        fail("%s is called on a thread that acts as somebody else", function);
}

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size, DWORD *needed)
{
    TOKEN_USER *user = out;

    object_of(token, OBJECT_TOKEN, "GetTokenInformation");
    if (kind == TokenGroups) /* in none */
    {
        *needed = sizeof(TOKEN_GROUPS);
        if (!fits(*needed, size))
            return FALSE;
        memset(out, 0, *needed);
        return TRUE;
    }
    *needed = sizeof(*user) + SID_SIZE;
    if (fault(FAULT_TOKEN_INFORMATION) || !fits(*needed, size))
        return FALSE;
    user->User.Sid = user + 1;
    user->User.Attributes = 0;
    make_sid(user->User.Sid, 1000);
    return TRUE;
}

BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID out, DWORD *size)
{
    (void)domain;
    if (!fits(SID_SIZE, *size))
        return FALSE;
    *size = SID_SIZE;
    make_sid(out, (DWORD)type);
    return TRUE;
}

DWORD WINAPI GetLengthSid(PSID sid)
{
    return 8 + 4 * (DWORD)((const SID *)sid)->SubAuthorityCount;
}

BOOL WINAPI EqualSid(PSID a, PSID b)
{
    return GetLengthSid(a) == GetLengthSid(b) && !memcmp(a, b, GetLengthSid(a));
}

BOOL WINAPI InitializeAcl(ACL *list, DWORD size, DWORD revision)
{
    if (!fits(sizeof(*list), size))
        return FALSE;
    *list = (ACL){.AclRevision = (BYTE)revision, .AclSize = (WORD)size};
    return TRUE;
}

static ACCESS_ALLOWED_ACE *first_free(ACL *list)
{
    BYTE *place = (BYTE *)(list + 1);

    for (WORD i = 0; i < list->AceCount; i++)
        place += ((const ACE_HEADER *)place)->AceSize;
    return (ACCESS_ALLOWED_ACE *)place;
}

static BOOL add_entry(ACL *list, BYTE type, DWORD access, PSID sid)
{
    ACCESS_ALLOWED_ACE *ace = first_free(list);
    DWORD size = sizeof(*ace) - sizeof(DWORD) + GetLengthSid(sid);

    if (!fits((DWORD)((BYTE *)ace - (BYTE *)list) + size, list->AclSize))
        return FALSE;
    ace->Header = (ACE_HEADER){.AceType = type, .AceSize = (WORD)size};
    ace->Mask = access;
    memcpy(&ace->SidStart, sid, GetLengthSid(sid));
    list->AceCount++;
    return TRUE;
}

BOOL WINAPI AddAccessAllowedAce(ACL *list, DWORD revision, DWORD access, PSID sid)
{
    (void)revision;
    return add_entry(list, 0, access, sid);
}

BOOL WINAPI AddAccessDeniedAce(ACL *list, DWORD revision, DWORD access, PSID sid)
{
    (void)revision;
    return add_entry(list, 1, access, sid);
}

BOOL WINAPI FindFirstFreeAce(ACL *list, void **end)
{
    *end = first_free(list);
    return TRUE;
}

BOOL WINAPI InitializeSecurityDescriptor(SECURITY_DESCRIPTOR *descriptor, DWORD revision)
{
    memset(descriptor, 0, sizeof(*descriptor));
    descriptor->Revision = (BYTE)revision;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorOwner(SECURITY_DESCRIPTOR *descriptor, PSID owner, BOOL defaulted)
{
    (void)defaulted;
    descriptor->Owner = owner;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorDacl(SECURITY_DESCRIPTOR *descriptor, BOOL present, ACL *list, BOOL defaulted)
{
    (void)defaulted;
    if (present)
        descriptor->Control |= SE_DACL_PRESENT;
    descriptor->Dacl = list;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorControl(SECURITY_DESCRIPTOR *descriptor, SECURITY_DESCRIPTOR_CONTROL mask,
                                         SECURITY_DESCRIPTOR_CONTROL bits)
{
    descriptor->Control = (SECURITY_DESCRIPTOR_CONTROL)((descriptor->Control & ~mask) | bits);
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorOwner(SECURITY_DESCRIPTOR *descriptor, PSID *owner, BOOL *defaulted)
{
    *owner = descriptor->Owner;
    *defaulted = FALSE;
    return TRUE;
}

/* The owner alone, in one block. Of a pipe that its server has disconnected the system tells nothing: in ReactOS,
 * NpCommonQuerySecurityInfo, NpDecodeFileObject finds no pipe then. */
static BOOL give_owner(const file *f, SECURITY_DESCRIPTOR *out, DWORD size, DWORD *needed)
{
    *needed = sizeof(*out) + SID_SIZE;
    if (!f->pipe || f->pipe->state == PIPE_STATE_DISCONNECTED)
        return refuse(ERROR_PIPE_NOT_CONNECTED);
    if (fault(FAULT_READ_SECURITY) || !fits(*needed, size))
        return FALSE;
    memset(out, 0, sizeof(*out));
    out->Owner = out + 1;
    make_sid(out->Owner, f->pipe->name->owner);
    return TRUE;
}

/* A descriptor in one block, without pointers. */
BOOL WINAPI GetKernelObjectSecurity(HANDLE handle, SECURITY_INFORMATION parts, SECURITY_DESCRIPTOR *out, DWORD size,
                                    DWORD *needed)
{
    const file *f = object_of(handle, OBJECT_FILE, "GetKernelObjectSecurity");
    const pipe_name *n;

    point("GetKernelObjectSecurity", "pipe end", f->head.number, 0);
    f = object_of(handle, OBJECT_FILE, "GetKernelObjectSecurity");
    if (parts == OWNER_SECURITY_INFORMATION)
        return give_owner(f, out, size, needed);
    n = f->pipe->name;
    *needed = sizeof(*out) + n->access_size;
    if (fault(FAULT_READ_SECURITY) || !fits(*needed, size))
        return FALSE;
    memset(out, 0, sizeof(*out));
    memcpy(out + 1, n->access, n->access_size);
    return TRUE;
}
