/* sddl_text.h: security descriptors as text. The language is described at
 * https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format.
 *
 * Any thread may call everything here. Windows may ask a domain controller for an account such as DA, the
 * administrators of the domain. */

#ifndef PIPE_SDDL_TEXT_H
#define PIPE_SDDL_TEXT_H

#include "base/win32.h"

typedef enum sddl_fault
{
    SDDL_IS_RIGHT,
    SDDL_ENTRY_IS_WRONG, /* an entry of a list, with its brackets */
    SDDL_TEXT_IS_WRONG,  /* something else */
    SDDL_NO_MEMORY
} sddl_fault;

/* Reads a text. *out is one block, to be freed with LocalFree; NULL unless the text is right. If an entry is wrong,
 * copies the first one that is to `entry`, of `size` characters; cuts a longer one. */
sddl_fault sddl_read(const WCHAR *text, SECURITY_DESCRIPTOR **out, WCHAR *entry, size_t size);

#endif
