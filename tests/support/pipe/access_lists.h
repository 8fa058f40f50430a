/* access_lists.h: security descriptors, as tests compare them: entry by entry. */

#ifndef SUPPORT_PIPE_ACCESS_LISTS_H
#define SUPPORT_PIPE_ACCESS_LISTS_H

#include <windows.h>

#include <string>
#include <vector>

using access_list = std::vector<std::wstring>;

/* What a text says, as long as this lives. */
class read_descriptor
{
  public:
    explicit read_descriptor(const wchar_t *sddl);
    ~read_descriptor();
    read_descriptor(const read_descriptor &) = delete;
    read_descriptor &operator=(const read_descriptor &) = delete;
    SECURITY_DESCRIPTOR *get() const
    {
        return static_cast<SECURITY_DESCRIPTOR *>(descriptor);
    }

  private:
    PSECURITY_DESCRIPTOR descriptor = nullptr;
};

/* An entry, as entries_of gives it. Accounts are SIDs as text. */
std::wstring allows(DWORD rights, const std::wstring &account);
std::wstring denies(DWORD rights, const std::wstring &account);

/* The entries of a descriptor's access list, in their order; a list that is not there is {"none"}. */
access_list entries_of(PSECURITY_DESCRIPTOR descriptor);
access_list entries_of_sddl(const std::wstring &sddl);
/* "" where the descriptor has none. */
std::wstring owner_of(PSECURITY_DESCRIPTOR descriptor);
/* The labels of a descriptor: rights and level of each. */
access_list labels_of(PSECURITY_DESCRIPTOR descriptor);

/* What the system keeps of a pipe: owner and access list. */
std::vector<BYTE> kept_descriptor(HANDLE pipe);

/* This user's SID, and name as DOMAIN\user. */
std::wstring own_sid();
std::wstring own_name();

#endif
