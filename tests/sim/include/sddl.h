/* sddl.h of the simulation, which knows no security descriptor as text: no text can be read. */

#ifndef SIM_SDDL_H
#define SIM_SDDL_H

#include <windows.h>

#define SDDL_REVISION_1 1u

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(const WCHAR *text, DWORD revision,
                                                                 PSECURITY_DESCRIPTOR *out, ULONG *size);

#endif
