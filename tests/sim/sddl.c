/* What the product does with descriptors that come as text. The stand-in knows none, and no scenario gives one. */

#include "failure.h"

#include <sddl.h>

#ifdef __clang__
#pragma clang diagnostic ignored "-Wc2x-extensions" /* parameters without names */
#endif

#define UNKNOWN(type, name, ...)                                  \
    type WINAPI name(__VA_ARGS__)                                 \
    {                                                             \
        fail(#name ": the stand-in knows no descriptor as text"); \
    }

UNKNOWN(BOOL, ConvertStringSecurityDescriptorToSecurityDescriptorW, const WCHAR *, DWORD, PSECURITY_DESCRIPTOR *,
        ULONG *)
UNKNOWN(HANDLE, LocalFree, HANDLE)
UNKNOWN(BOOL, GetAce, ACL *, DWORD, void **)
UNKNOWN(DWORD *, GetSidSubAuthority, PSID, DWORD)
UNKNOWN(BOOL, AddMandatoryAce, ACL *, DWORD, DWORD, DWORD, PSID)
UNKNOWN(BOOL, AddAce, ACL *, DWORD, DWORD, void *, DWORD)
UNKNOWN(void, MapGenericMask, DWORD *, GENERIC_MAPPING *)
UNKNOWN(BOOL, SetSecurityDescriptorGroup, SECURITY_DESCRIPTOR *, PSID, BOOL)
UNKNOWN(BOOL, SetSecurityDescriptorSacl, SECURITY_DESCRIPTOR *, BOOL, ACL *, BOOL)
UNKNOWN(BOOL, GetSecurityDescriptorDacl, SECURITY_DESCRIPTOR *, BOOL *, ACL **, BOOL *)
UNKNOWN(BOOL, GetSecurityDescriptorSacl, SECURITY_DESCRIPTOR *, BOOL *, ACL **, BOOL *)
UNKNOWN(BOOL, GetSecurityDescriptorGroup, SECURITY_DESCRIPTOR *, PSID *, BOOL *)
UNKNOWN(DWORD, GetSecurityDescriptorLength, SECURITY_DESCRIPTOR *)
UNKNOWN(BOOL, GetSecurityDescriptorControl, SECURITY_DESCRIPTOR *, SECURITY_DESCRIPTOR_CONTROL *, DWORD *)
UNKNOWN(BOOL, DuplicateToken, HANDLE, SECURITY_IMPERSONATION_LEVEL, HANDLE *)
UNKNOWN(BOOL, AccessCheck, PSECURITY_DESCRIPTOR, HANDLE, DWORD, GENERIC_MAPPING *, PRIVILEGE_SET *, DWORD *, DWORD *,
        BOOL *)
