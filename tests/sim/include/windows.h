/* windows.h of the simulation: what base, pipe and deliver need of Windows, and no more. The kernel of tests/sim
 * implements the functions; their rules stand beside the implementations. Values and layouts are those of the Windows
 * SDK wherever the product can see them.
 *
 * LONG and DWORD have 32 bits and WCHAR has 16 (compile with -fshort-wchar, and call no wide function of libc). Apart
 * from string.h, which Windows' header includes too, nothing of libc comes with this header. */

#ifndef SIM_WINDOWS_H
#define SIM_WINDOWS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WINAPI
#define NTAPI
#define CALLBACK
#define TRUE 1
#define FALSE 0

typedef void VOID;
typedef int BOOL, INT;
typedef unsigned UINT;
typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef int32_t LONG;
typedef uint32_t DWORD, ULONG, LCID, SECURITY_INFORMATION;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t ULONG_PTR, UINT_PTR, WPARAM;
typedef intptr_t LONG_PTR, LPARAM, LRESULT;
typedef size_t SIZE_T;
typedef wchar_t WCHAR;
typedef void *HANDLE;
typedef HANDLE HMODULE, HINSTANCE, HDESK;
typedef void *PSID;
typedef intptr_t(WINAPI *FARPROC)(void);
typedef DWORD(WINAPI *LPTHREAD_START_ROUTINE)(void *argument);

#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define INFINITE 0xffffffffu
#define MAXDWORD 0xffffffffu
#define MAXULONGLONG (~(ULONGLONG)0)
#define MAX_PATH 260
#define ARRAYSIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MAKEINTRESOURCEW(i) ((WCHAR *)(ULONG_PTR)(WORD)(i))

/* ---- error codes ---- */

#define ERROR_SUCCESS 0u
#define ERROR_INVALID_FUNCTION 1u
#define ERROR_FILE_NOT_FOUND 2u
#define ERROR_ACCESS_DENIED 5u
#define ERROR_INVALID_HANDLE 6u
#define ERROR_NOT_ENOUGH_MEMORY 8u
#define ERROR_OUTOFMEMORY 14u
#define ERROR_NO_MORE_FILES 18u
#define ERROR_NETNAME_DELETED 64u
#define ERROR_BAD_DEV_TYPE 66u
#define ERROR_INVALID_PARAMETER 87u
#define ERROR_BROKEN_PIPE 109u
#define ERROR_CALL_NOT_IMPLEMENTED 120u
#define ERROR_SEM_TIMEOUT 121u
#define ERROR_INSUFFICIENT_BUFFER 122u
#define ERROR_PIPE_LOCAL 229u
#define ERROR_BAD_PIPE 230u
#define ERROR_PIPE_BUSY 231u
#define ERROR_NO_DATA 232u
#define ERROR_PIPE_NOT_CONNECTED 233u
#define ERROR_MORE_DATA 234u
#define WAIT_TIMEOUT 258u
#define ERROR_PIPE_CONNECTED 535u
#define ERROR_PIPE_LISTENING 536u
#define ERROR_HANDLES_CLOSED 676u
#define ERROR_ABANDONED_WAIT_0 735u
#define ERROR_OPERATION_ABORTED 995u
#define ERROR_IO_INCOMPLETE 996u
#define ERROR_IO_PENDING 997u
#define ERROR_NO_TOKEN 1008u
#define ERROR_PRIVILEGE_NOT_HELD 1314u
#define ERROR_NOT_FOUND 1168u
#define ERROR_CANCELLED 1223u
#define ERROR_INVALID_LABEL 1299u
#define ERROR_INVALID_OWNER 1307
#define ERROR_INVALID_ACL 1336u
#define ERROR_CANT_OPEN_ANONYMOUS 1347u
#define ERROR_CANNOT_IMPERSONATE 1368u
#define ERROR_NONE_MAPPED 1332u
#define ERROR_ALLOTTED_SPACE_EXCEEDED 1344u
#define ERROR_INVALID_WINDOW_HANDLE 1400u
#define ERROR_NO_SYSTEM_RESOURCES 1450u
#define ERROR_WORKING_SET_QUOTA 1453u
#define ERROR_COMMITMENT_LIMIT 1455u
#define ERROR_INVALID_USER_BUFFER 1784u
#define ERROR_NOT_ENOUGH_QUOTA 1816u

DWORD WINAPI GetLastError(void);
void WINAPI SetLastError(DWORD error);

/* ---- memory, modules, text ---- */

#define HEAP_ZERO_MEMORY 8u

HANDLE WINAPI GetProcessHeap(void);
void *WINAPI HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size);
BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, void *memory);
HANDLE WINAPI LocalFree(HANDLE memory);

#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 2u
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 4u

BOOL WINAPI GetModuleHandleExW(DWORD flags, const WCHAR *name, HMODULE *module);
HMODULE WINAPI GetModuleHandleW(const WCHAR *name);
DWORD WINAPI GetModuleFileNameW(HMODULE module, WCHAR *path, DWORD size);
FARPROC WINAPI GetProcAddress(HMODULE module, const char *name);
BOOL WINAPI FreeLibrary(HMODULE module);
__attribute__((noreturn)) void WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code);

#define CSTR_LESS_THAN 1
#define CSTR_EQUAL 2
#define CSTR_GREATER_THAN 3
#define LOCALE_INVARIANT 0x7fu
#define LCMAP_UPPERCASE 0x200u

int WINAPI CompareStringOrdinal(const WCHAR *a, int a_length, const WCHAR *b, int b_length, BOOL ignore_case);
int WINAPI LCMapStringW(LCID locale, DWORD flags, const WCHAR *from, int from_length, WCHAR *to, int to_size);
int WINAPI lstrlenW(const WCHAR *text);
WCHAR *WINAPI lstrcpyW(WCHAR *to, const WCHAR *from);
WCHAR *WINAPI lstrcatW(WCHAR *to, const WCHAR *from);
int wsprintfW(WCHAR *to, const WCHAR *format, ...); /* %lu and characters alone */
void WINAPI OutputDebugStringW(const WCHAR *text);
__attribute__((noreturn)) void WINAPI RaiseFailFastException(void *record, void *context, DWORD flags);

typedef enum COMPUTER_NAME_FORMAT
{
    ComputerNameNetBIOS,
    ComputerNameDnsHostname,
    ComputerNameDnsDomain,
    ComputerNameDnsFullyQualified
} COMPUTER_NAME_FORMAT;

BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT format, WCHAR *name, DWORD *size);

/* ---- locks and Interlocked functions ---- */

typedef struct SRWLOCK
{
    void *Ptr;
} SRWLOCK;

typedef struct CONDITION_VARIABLE
{
    void *Ptr;
} CONDITION_VARIABLE;

typedef struct INIT_ONCE
{
    void *Ptr;
} INIT_ONCE;

#define SRWLOCK_INIT \
    {                \
        NULL         \
    }
#define CONDITION_VARIABLE_INIT \
    {                           \
        NULL                    \
    }
#define INIT_ONCE_STATIC_INIT \
    {                         \
        NULL                  \
    }

typedef BOOL(CALLBACK *PINIT_ONCE_FN)(INIT_ONCE *once, void *parameter, void **context);

void WINAPI AcquireSRWLockExclusive(SRWLOCK *lock);
void WINAPI ReleaseSRWLockExclusive(SRWLOCK *lock);
BOOL WINAPI SleepConditionVariableSRW(CONDITION_VARIABLE *woken, SRWLOCK *lock, DWORD ms, ULONG flags);
void WINAPI WakeConditionVariable(CONDITION_VARIABLE *woken);
void WINAPI WakeAllConditionVariable(CONDITION_VARIABLE *woken);
BOOL WINAPI InitOnceExecuteOnce(INIT_ONCE *once, PINIT_ONCE_FN run, void *parameter, void **context);

LONG InterlockedIncrement(volatile LONG *value);
LONG InterlockedDecrement(volatile LONG *value);
LONG InterlockedExchange(volatile LONG *value, LONG to);
LONG InterlockedCompareExchange(volatile LONG *value, LONG to, LONG from);
LONGLONG InterlockedExchangeAdd64(volatile LONGLONG *value, LONGLONG more);
LONGLONG InterlockedCompareExchange64(volatile LONGLONG *value, LONGLONG to, LONGLONG from);
void *InterlockedExchangePointer(void *volatile *value, void *to);
void *InterlockedCompareExchangePointer(void *volatile *value, void *to, void *from);

/* ---- objects, threads, time ---- */

typedef struct SECURITY_ATTRIBUTES
{
    DWORD nLength;
    void *lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES;

#define WAIT_OBJECT_0 0u
#define WAIT_FAILED 0xffffffffu
#define SYNCHRONIZE 0x00100000u
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x00010000u

HANDLE WINAPI CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual_reset, BOOL set, const WCHAR *name);
BOOL WINAPI SetEvent(HANDLE event);
BOOL WINAPI ResetEvent(HANDLE event);
DWORD WINAPI WaitForSingleObject(HANDLE object, DWORD ms);
DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *objects, BOOL all, DWORD ms);
BOOL WINAPI CloseHandle(HANDLE object);
BOOL WINAPI DuplicateHandle(HANDLE from, HANDLE object, HANDLE to, HANDLE *out, DWORD access, BOOL inherit,
                            DWORD options);

HANDLE WINAPI CreateThread(SECURITY_ATTRIBUTES *security, SIZE_T stack, LPTHREAD_START_ROUTINE start, void *argument,
                           DWORD flags, DWORD *id);
HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id);
HANDLE WINAPI GetCurrentThread(void);
DWORD WINAPI GetCurrentThreadId(void);
HANDLE WINAPI GetCurrentProcess(void);
DWORD WINAPI GetCurrentProcessId(void);
void WINAPI Sleep(DWORD ms);
ULONGLONG WINAPI GetTickCount64(void);

typedef union LARGE_INTEGER
{
    LONGLONG QuadPart;
} LARGE_INTEGER;

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *count);
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *per_second);

/* ---- messages ---- */

typedef struct window *HWND;
typedef struct FILETIME FILETIME;
typedef struct TP_TIMER *PTP_TIMER;
typedef VOID(CALLBACK *TIMERPROC)(HWND window, UINT message, UINT_PTR id, DWORD time);

#define WM_QUIT 0x0012u
#define WM_TIMER 0x0113u
#define WM_APP 0x8000u
#define PM_REMOVE 1u
#define QS_ALLINPUT 0x04ffu
#define MWMO_INPUTAVAILABLE 4u

typedef struct MSG
{
    HWND hwnd;
    UINT message;
    WPARAM wParam;
    LPARAM lParam;
} MSG;

DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD count, const HANDLE *objects, DWORD ms, DWORD mask, DWORD flags);
BOOL WINAPI PeekMessageW(MSG *message, HWND window, UINT first, UINT last, UINT remove);
BOOL WINAPI TranslateMessage(const MSG *message);
LRESULT WINAPI DispatchMessageW(const MSG *message);
VOID WINAPI PostQuitMessage(int code);

/* ---- requests and completion ports ---- */

typedef struct OVERLAPPED
{
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    DWORD Offset, OffsetHigh;
    HANDLE hEvent;
} OVERLAPPED;

#define STATUS_PENDING 0x103u
#define HasOverlappedIoCompleted(o) ((DWORD)(o)->Internal != STATUS_PENDING)
#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS 1u

HANDLE WINAPI CreateIoCompletionPort(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads);
BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD bytes, ULONG_PTR key, OVERLAPPED *overlapped);
BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, DWORD *bytes, ULONG_PTR *key, OVERLAPPED **overlapped, DWORD ms);
BOOL WINAPI SetFileCompletionNotificationModes(HANDLE file, BYTE modes);
BOOL WINAPI GetOverlappedResult(HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, BOOL wait);
BOOL WINAPI CancelIoEx(HANDLE file, OVERLAPPED *overlapped);

/* ---- files and pipes ---- */

#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define FILE_READ_ATTRIBUTES 0x80u
#define FILE_WRITE_ATTRIBUTES 0x100u
#define FILE_APPEND_DATA 4u
#define FILE_GENERIC_READ 0x00120089u
#define FILE_GENERIC_WRITE 0x00120116u
#define FILE_GENERIC_EXECUTE 0x001200a0u
#define FILE_ALL_ACCESS 0x001f01ffu
#define OPEN_EXISTING 3u
#define FILE_FLAG_WRITE_THROUGH 0x80000000u
#define FILE_FLAG_OVERLAPPED 0x40000000u
#define FILE_FLAG_FIRST_PIPE_INSTANCE 0x00080000u
#define SECURITY_SQOS_PRESENT 0x00100000u
#define SECURITY_ANONYMOUS 0u
#define SECURITY_IDENTIFICATION 0x00010000u
#define FILE_TYPE_UNKNOWN 0u
#define FILE_TYPE_PIPE 3u
#define PIPE_ACCESS_INBOUND 1u
#define PIPE_ACCESS_OUTBOUND 2u
#define PIPE_ACCESS_DUPLEX 3u
#define PIPE_TYPE_BYTE 0u
#define PIPE_TYPE_MESSAGE 4u
#define PIPE_READMODE_BYTE 0u
#define PIPE_READMODE_MESSAGE 2u
#define PIPE_WAIT 0u
#define PIPE_SERVER_END 1u
#define PIPE_UNLIMITED_INSTANCES 255u

HANDLE WINAPI CreateNamedPipeW(const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD max_instances, DWORD out_size,
                               DWORD in_size, DWORD timeout, SECURITY_ATTRIBUTES *security);
HANDLE WINAPI CreateFileW(const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template_file);
BOOL WINAPI ConnectNamedPipe(HANDLE pipe, OVERLAPPED *overlapped);
BOOL WINAPI DisconnectNamedPipe(HANDLE pipe);
BOOL WINAPI WaitNamedPipeW(const WCHAR *path, DWORD ms);
BOOL WINAPI ReadFile(HANDLE file, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped);
BOOL WINAPI WriteFile(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped);
BOOL WINAPI PeekNamedPipe(HANDLE pipe, void *data, DWORD size, DWORD *read, DWORD *waiting, DWORD *left);
BOOL WINAPI DeviceIoControl(HANDLE file, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *done,
                            OVERLAPPED *overlapped);
DWORD WINAPI GetFileType(HANDLE file);
BOOL WINAPI GetNamedPipeInfo(HANDLE pipe, DWORD *flags, DWORD *out_size, DWORD *in_size, DWORD *max_instances);
BOOL WINAPI GetNamedPipeClientProcessId(HANDLE pipe, ULONG *process);
BOOL WINAPI GetNamedPipeClientSessionId(HANDLE pipe, ULONG *session);
BOOL WINAPI ImpersonateNamedPipeClient(HANDLE pipe);
BOOL WINAPI GetNamedPipeServerProcessId(HANDLE pipe, ULONG *process);
BOOL WINAPI SetNamedPipeHandleState(HANDLE pipe, DWORD *mode, DWORD *max_collection, DWORD *timeout);

typedef struct WIN32_FIND_DATAW
{
    WCHAR cFileName[MAX_PATH];
} WIN32_FIND_DATAW;

HANDLE WINAPI FindFirstFileW(const WCHAR *pattern, WIN32_FIND_DATAW *found);
BOOL WINAPI FindNextFileW(HANDLE search, WIN32_FIND_DATAW *found);
BOOL WINAPI FindClose(HANDLE search);

/* ---- security ---- */

#define ACL_REVISION 2u
#define SYSTEM_MANDATORY_LABEL_ACE_TYPE 0x11
#define SYSTEM_MANDATORY_LABEL_NO_WRITE_UP 1
#define SECURITY_MANDATORY_MEDIUM_RID 0x2000
#define SECURITY_DESCRIPTOR_REVISION 1u
#define SECURITY_MAX_SID_SIZE 68
#define SE_DACL_PRESENT 0x0004
#define SE_DACL_PROTECTED 0x1000
#define SE_SACL_PROTECTED 0x2000
#define OWNER_SECURITY_INFORMATION 1u
#define DACL_SECURITY_INFORMATION 4u
#define LABEL_SECURITY_INFORMATION 0x10u
#define TOKEN_DUPLICATE 2u
#define TOKEN_IMPERSONATE 4u
#define TOKEN_QUERY 8u

typedef WORD SECURITY_DESCRIPTOR_CONTROL;
typedef void *PSECURITY_DESCRIPTOR;

typedef struct SID
{
    BYTE Revision, SubAuthorityCount;
    BYTE IdentifierAuthority[6];
    DWORD SubAuthority[1];
} SID;

typedef struct ACL
{
    BYTE AclRevision, Sbz1;
    WORD AclSize, AceCount, Sbz2;
} ACL;

typedef struct ACE_HEADER
{
    BYTE AceType, AceFlags;
    WORD AceSize;
} ACE_HEADER;

typedef struct ACCESS_ALLOWED_ACE
{
    ACE_HEADER Header;
    DWORD Mask, SidStart;
} ACCESS_ALLOWED_ACE, ACCESS_DENIED_ACE;

typedef struct SYSTEM_MANDATORY_LABEL_ACE
{
    ACE_HEADER Header;
    DWORD Mask, SidStart;
} SYSTEM_MANDATORY_LABEL_ACE;

typedef struct GENERIC_MAPPING
{
    DWORD GenericRead, GenericWrite, GenericExecute, GenericAll;
} GENERIC_MAPPING;

typedef struct PRIVILEGE_SET
{
    DWORD PrivilegeCount, Control, Privilege[3];
} PRIVILEGE_SET;

typedef struct SECURITY_DESCRIPTOR
{
    BYTE Revision, Sbz1;
    SECURITY_DESCRIPTOR_CONTROL Control;
    PSID Owner, Group;
    ACL *Sacl, *Dacl;
} SECURITY_DESCRIPTOR;

typedef struct SID_AND_ATTRIBUTES
{
    PSID Sid;
    DWORD Attributes;
} SID_AND_ATTRIBUTES;

typedef struct TOKEN_USER
{
    SID_AND_ATTRIBUTES User;
} TOKEN_USER;

typedef struct TOKEN_GROUPS
{
    DWORD GroupCount;
    SID_AND_ATTRIBUTES Groups[1];
} TOKEN_GROUPS;

typedef struct TOKEN_MANDATORY_LABEL
{
    SID_AND_ATTRIBUTES Label;
} TOKEN_MANDATORY_LABEL;

typedef enum TOKEN_INFORMATION_CLASS
{
    TokenUser = 1,
    TokenGroups = 2,
    TokenIntegrityLevel = 25
} TOKEN_INFORMATION_CLASS;

typedef enum WELL_KNOWN_SID_TYPE
{
    WinWorldSid = 1,
    WinNetworkSid = 9,
    WinAuthenticatedUserSid = 17,
    WinLocalSystemSid = 22,
    WinBuiltinAdministratorsSid = 26
} WELL_KNOWN_SID_TYPE;

typedef enum SECURITY_IMPERSONATION_LEVEL
{
    SecurityIdentification = 1
} SECURITY_IMPERSONATION_LEVEL;

typedef enum SID_NAME_USE
{
    SidTypeUser = 1
} SID_NAME_USE;

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *token);
BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token);
BOOL WINAPI SetThreadToken(HANDLE *thread, HANDLE token);
BOOL WINAPI RevertToSelf(void);
BOOL WINAPI DuplicateToken(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, HANDLE *out);
BOOL WINAPI AccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD wanted, GENERIC_MAPPING *mapping,
                        PRIVILEGE_SET *privileges, DWORD *size, DWORD *granted, BOOL *may);
BOOL WINAPI LookupAccountSidW(const WCHAR *computer, PSID sid, WCHAR *name, DWORD *name_size, WCHAR *domain,
                              DWORD *domain_size, SID_NAME_USE *use);
void WINAPI MapGenericMask(DWORD *mask, GENERIC_MAPPING *mapping);
BOOL WINAPI EqualSid(PSID a, PSID b);
BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size, DWORD *needed);
BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID out, DWORD *size);
DWORD WINAPI GetLengthSid(PSID sid);
BOOL WINAPI InitializeAcl(ACL *list, DWORD size, DWORD revision);
BOOL WINAPI AddAccessAllowedAce(ACL *list, DWORD revision, DWORD access, PSID sid);
BOOL WINAPI AddAccessDeniedAce(ACL *list, DWORD revision, DWORD access, PSID sid);
BOOL WINAPI FindFirstFreeAce(ACL *list, void **end);
BOOL WINAPI GetAce(ACL *list, DWORD index, void **out);
DWORD *WINAPI GetSidSubAuthority(PSID sid, DWORD index);
BOOL WINAPI AddMandatoryAce(ACL *list, DWORD revision, DWORD flags, DWORD policy, PSID label);
BOOL WINAPI AddAce(ACL *list, DWORD revision, DWORD index, void *aces, DWORD size);
BOOL WINAPI InitializeSecurityDescriptor(SECURITY_DESCRIPTOR *descriptor, DWORD revision);
BOOL WINAPI SetSecurityDescriptorDacl(SECURITY_DESCRIPTOR *descriptor, BOOL present, ACL *list, BOOL defaulted);
BOOL WINAPI SetSecurityDescriptorOwner(SECURITY_DESCRIPTOR *descriptor, PSID owner, BOOL defaulted);
BOOL WINAPI SetSecurityDescriptorGroup(SECURITY_DESCRIPTOR *descriptor, PSID group, BOOL defaulted);
BOOL WINAPI SetSecurityDescriptorSacl(SECURITY_DESCRIPTOR *descriptor, BOOL present, ACL *list, BOOL defaulted);
BOOL WINAPI GetSecurityDescriptorDacl(SECURITY_DESCRIPTOR *descriptor, BOOL *present, ACL **list, BOOL *defaulted);
BOOL WINAPI GetSecurityDescriptorSacl(SECURITY_DESCRIPTOR *descriptor, BOOL *present, ACL **list, BOOL *defaulted);
BOOL WINAPI GetSecurityDescriptorOwner(SECURITY_DESCRIPTOR *descriptor, PSID *owner, BOOL *defaulted);
BOOL WINAPI GetSecurityDescriptorGroup(SECURITY_DESCRIPTOR *descriptor, PSID *group, BOOL *defaulted);
DWORD WINAPI GetSecurityDescriptorLength(SECURITY_DESCRIPTOR *descriptor);
BOOL WINAPI GetSecurityDescriptorControl(SECURITY_DESCRIPTOR *descriptor, SECURITY_DESCRIPTOR_CONTROL *control,
                                         DWORD *revision);
BOOL WINAPI SetSecurityDescriptorControl(SECURITY_DESCRIPTOR *descriptor, SECURITY_DESCRIPTOR_CONTROL mask,
                                         SECURITY_DESCRIPTOR_CONTROL bits);
BOOL WINAPI GetKernelObjectSecurity(HANDLE object, SECURITY_INFORMATION parts, SECURITY_DESCRIPTOR *out, DWORD size,
                                    DWORD *needed);

#endif
