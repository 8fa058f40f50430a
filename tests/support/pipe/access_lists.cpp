#include "support/pipe/access_lists.h"

#include <gtest/gtest.h>
#include <sddl.h>

#include <cstdio>

static std::wstring text_of(PSID sid)
{
    WCHAR *text;

    if (!sid)
        return L"";
    if (!ConvertSidToStringSidW(sid, &text))
        return L"(no SID)";
    std::wstring copy = text;
    LocalFree(text);
    return copy;
}

static std::wstring line(const wchar_t *kind, DWORD rights, const std::wstring &account)
{
    WCHAR number[16];

    swprintf(number, 16, L" 0x%lx ", static_cast<unsigned long>(rights));
    return kind + std::wstring(number) + account;
}

std::wstring allows(DWORD rights, const std::wstring &account)
{
    return line(L"allow", rights, account);
}

std::wstring denies(DWORD rights, const std::wstring &account)
{
    return line(L"deny", rights, account);
}

static std::wstring line_of(const ACCESS_ALLOWED_ACE *entry)
{
    PSID sid = const_cast<DWORD *>(&entry->SidStart);

    if (entry->Header.AceFlags)
        return L"flags";
    switch (entry->Header.AceType)
    {
    case ACCESS_ALLOWED_ACE_TYPE: return allows(entry->Mask, text_of(sid));
    case ACCESS_DENIED_ACE_TYPE: return denies(entry->Mask, text_of(sid));
    case SYSTEM_MANDATORY_LABEL_ACE_TYPE: return line(L"label", entry->Mask, text_of(sid));
    default: return L"type";
    }
}

static access_list lines_of(ACL *list)
{
    access_list lines;

    for (DWORD i = 0; i < list->AceCount; i++)
    {
        void *entry;

        EXPECT_TRUE(GetAce(list, i, &entry));
        lines.push_back(line_of(static_cast<ACCESS_ALLOWED_ACE *>(entry)));
    }
    return lines;
}

access_list entries_of(PSECURITY_DESCRIPTOR descriptor)
{
    BOOL present = FALSE, defaulted;
    ACL *list = nullptr;

    EXPECT_TRUE(GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted));
    return present && list ? lines_of(list) : access_list{L"none"};
}

read_descriptor::read_descriptor(const wchar_t *sddl)
{
    EXPECT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &descriptor, nullptr));
}

read_descriptor::~read_descriptor()
{
    LocalFree(descriptor);
}

access_list entries_of_sddl(const std::wstring &sddl)
{
    return entries_of(read_descriptor(sddl.c_str()).get());
}

std::wstring owner_of(PSECURITY_DESCRIPTOR descriptor)
{
    PSID owner = nullptr;
    BOOL defaulted;

    EXPECT_TRUE(GetSecurityDescriptorOwner(descriptor, &owner, &defaulted));
    return text_of(owner);
}

access_list labels_of(PSECURITY_DESCRIPTOR descriptor)
{
    BOOL present = FALSE, defaulted;
    ACL *list = nullptr;

    EXPECT_TRUE(GetSecurityDescriptorSacl(descriptor, &present, &list, &defaulted));
    return present && list ? lines_of(list) : access_list{};
}

std::vector<BYTE> kept_descriptor(HANDLE pipe)
{
    const SECURITY_INFORMATION parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    DWORD size = 0;

    GetKernelObjectSecurity(pipe, parts, nullptr, 0, &size);
    std::vector<BYTE> descriptor(size);
    EXPECT_TRUE(GetKernelObjectSecurity(pipe, parts, descriptor.data(), size, &size));
    return descriptor;
}

static std::vector<BYTE> own_user()
{
    std::vector<BYTE> user(256);
    DWORD size;
    HANDLE token;

    EXPECT_TRUE(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    EXPECT_TRUE(GetTokenInformation(token, TokenUser, user.data(), static_cast<DWORD>(user.size()), &size));
    CloseHandle(token);
    return user;
}

std::wstring own_sid()
{
    std::vector<BYTE> user = own_user();

    return text_of(reinterpret_cast<TOKEN_USER *>(user.data())->User.Sid);
}

std::wstring own_name()
{
    std::vector<BYTE> user = own_user();
    WCHAR name[260], domain[260];
    DWORD name_size = 260, domain_size = 260;
    SID_NAME_USE use;

    EXPECT_TRUE(LookupAccountSidW(nullptr, reinterpret_cast<TOKEN_USER *>(user.data())->User.Sid, name, &name_size,
                                  domain, &domain_size, &use));
    return domain + std::wstring(L"\\") + name;
}
