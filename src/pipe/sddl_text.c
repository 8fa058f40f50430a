#include "pipe/sddl_text.h"

#define PREFIX_SIZE 2 /* characters of D: or S: */

/* Returns what the text says, to be freed with LocalFree; NULL: it cannot be read. */
static SECURITY_DESCRIPTOR *read_text(const WCHAR *text)
{
    PSECURITY_DESCRIPTOR descriptor;

    return win32.read_sddl(text, SDDL_REVISION_1, &descriptor, NULL) ? descriptor : NULL;
}

static bool can_be_read(const WCHAR *text)
{
    SECURITY_DESCRIPTOR *descriptor = read_text(text);

    if (!descriptor)
        return false;
    LocalFree(descriptor);
    return true;
}

/* Returns the length of the entry that begins with the bracket at `text`; an entry that has a condition contains
 * brackets itself. Without a closing bracket the entry ends with the text. */
static size_t entry_length(const WCHAR *text)
{
    size_t length = 0;
    int depth = 0;

    for (; text[length]; length++)
    {
        depth += (text[length] == L'(') - (text[length] == L')');
        if (!depth)
            return length + 1;
    }
    return length;
}

/* Tries the entry as the only one of an access list, then of a list of audits and labels. `alone` has room for it. */
static bool is_entry(const WCHAR *entry, size_t length, WCHAR *alone)
{
    static const WCHAR prefixes[][PREFIX_SIZE + 1] = {L"D:", L"S:"};

    memcpy(alone + PREFIX_SIZE, entry, length * sizeof(*alone));
    alone[PREFIX_SIZE + length] = 0;
    for (size_t i = 0; i < ARRAYSIZE(prefixes); i++)
    {
        memcpy(alone, prefixes[i], PREFIX_SIZE * sizeof(*alone));
        if (can_be_read(alone))
            return true;
    }
    return false;
}

static sddl_fault find_wrong_entry(const WCHAR *text, WCHAR *alone, WCHAR *entry, size_t size)
{
    while (*text)
    {
        size_t length = *text == L'(' ? entry_length(text) : 1;

        if (*text == L'(' && !is_entry(text, length, alone))
        {
            size_t copied = length < size ? length : size - 1;

            memcpy(entry, text, copied * sizeof(*entry));
            entry[copied] = 0;
            return SDDL_ENTRY_IS_WRONG;
        }
        text += length;
    }
    return SDDL_TEXT_IS_WRONG;
}

sddl_fault sddl_read(const WCHAR *text, SECURITY_DESCRIPTOR **out, WCHAR *entry, size_t size)
{
    sddl_fault fault;
    WCHAR *alone;

    *out = read_text(text);
    if (*out)
        return SDDL_IS_RIGHT;
    alone = mem_alloc((PREFIX_SIZE + (size_t)lstrlenW(text) + 1) * sizeof(*alone));
    if (!alone)
        return SDDL_NO_MEMORY;
    fault = find_wrong_entry(text, alone, entry, size);
    mem_free(alone);
    return fault;
}
