/* What the registry says, from a registry of the test's own. */

extern "C" {
#include "com/registered.h"
}

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace
{

const std::wstring own_path = L"C:\\Programs\\NamedPipeServer.dll";
const std::wstring class_key = L"Software\\Classes\\CLSID\\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}\\InprocServer32";
const std::wstring library_key = L"Software\\Classes\\TypeLib\\{8B064E86-D618-495B-91CB-C767B2DEC49D}\\1.0\\0\\";

struct place
{
    HKEY root;
    std::wstring key;
    REGSAM view;

    bool operator<(const place &other) const
    {
        return std::tie(root, key, view) < std::tie(other.root, other.key, other.view);
    }
};

std::map<place, std::wstring> values;
std::wstring found; /* of the key that is open */
LSTATUS refusal;    /* what opening a key answers; 0: what `values` says */
std::wstring missing_file;
unsigned keys_open, files_asked;

LSTATUS WINAPI open_key(HKEY root, const WCHAR *key, DWORD, REGSAM access, HKEY *out)
{
    auto at = values.find({root, key, access & (KEY_WOW64_64KEY | KEY_WOW64_32KEY)});

    if (refusal)
        return refusal;
    if (at == values.end())
        return ERROR_FILE_NOT_FOUND;
    found = at->second;
    keys_open++;
    *out = reinterpret_cast<HKEY>(&found);
    return 0;
}

LSTATUS WINAPI get_value(HKEY, const WCHAR *, const WCHAR *, DWORD, DWORD *, void *data, DWORD *size)
{
    DWORD needed = static_cast<DWORD>((found.size() + 1) * sizeof(WCHAR));

    if (data && *size < needed)
        return ERROR_MORE_DATA;
    if (data)
        memcpy(data, found.c_str(), needed);
    *size = needed;
    return 0;
}

LSTATUS WINAPI close_key(HKEY)
{
    keys_open--;
    return 0;
}

DWORD WINAPI get_attributes(const WCHAR *path)
{
    files_asked++;
    return path == missing_file ? INVALID_FILE_ATTRIBUTES : FILE_ATTRIBUTE_NORMAL;
}

class Registered : public testing::Test
{
  protected:
    registered_calls real = registered_system;
    registered r = {};

    void SetUp() override
    {
        registered_system = {open_key, get_value, close_key, get_attributes};
        values.clear();
        refusal = 0;
        missing_file.clear();
        keys_open = files_asked = 0;
    }
    void TearDown() override
    {
        registered_fini(&r);
        registered_system = real;
        EXPECT_EQ(keys_open, 0u);
    }

    void look()
    {
        registered_look(&CLSID_NamedPipeServer, own_path.c_str(), &r);
    }
};

TEST_F(Registered, FindsNothingWhereNothingIs)
{
    look();

    for (int scope = 0; scope < REGISTERED_SCOPES; scope++)
    {
        EXPECT_EQ(r.classes[REGISTERED_X64][scope].path, nullptr);
        EXPECT_EQ(r.classes[REGISTERED_X64][scope].error, 0u);
    }
    EXPECT_EQ(registered_in_use(r.classes[REGISTERED_X64]), nullptr);
}

TEST_F(Registered, TellsWhichBitnessAndForWhom)
{
    values[{HKEY_LOCAL_MACHINE, class_key, KEY_WOW64_64KEY}] = L"C:\\64.dll";
    values[{HKEY_CURRENT_USER, class_key, KEY_WOW64_32KEY}] = L"C:\\32.dll";
    values[{HKEY_LOCAL_MACHINE, library_key + L"win64", KEY_WOW64_64KEY}] = L"C:\\64.tlb";
    values[{HKEY_CURRENT_USER, library_key + L"win32", KEY_WOW64_32KEY}] = L"C:\\32.tlb";

    look();

    EXPECT_STREQ(r.classes[REGISTERED_X64][REGISTERED_MACHINE].path, L"C:\\64.dll");
    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_USER].path, nullptr);
    EXPECT_STREQ(r.classes[REGISTERED_X86][REGISTERED_USER].path, L"C:\\32.dll");
    EXPECT_STREQ(r.libraries[REGISTERED_X64][REGISTERED_MACHINE].path, L"C:\\64.tlb");
    EXPECT_STREQ(r.libraries[REGISTERED_X86][REGISTERED_USER].path, L"C:\\32.tlb");
}

TEST_F(Registered, KnowsThisFileInAnyCase)
{
    values[{HKEY_LOCAL_MACHINE, class_key, KEY_WOW64_64KEY}] = L"c:\\PROGRAMS\\namedpipeserver.DLL";

    look();

    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_MACHINE].file, REGISTERED_IS_THIS);
}

TEST_F(Registered, TellsAFileThatIsThereFromOneThatIsNot)
{
    values[{HKEY_LOCAL_MACHINE, class_key, KEY_WOW64_64KEY}] = L"C:\\there.dll";
    values[{HKEY_CURRENT_USER, class_key, KEY_WOW64_64KEY}] = missing_file = L"C:\\gone.dll";

    look();

    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_MACHINE].file, REGISTERED_IS_THERE);
    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_USER].file, REGISTERED_IS_MISSING);
}

TEST_F(Registered, NeverAsksAnotherComputer)
{
    values[{HKEY_LOCAL_MACHINE, class_key, KEY_WOW64_64KEY}] = L"\\\\server\\share\\NamedPipeServer.dll";

    look();

    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_MACHINE].file, REGISTERED_IS_FAR);
    EXPECT_EQ(files_asked, 0u);
}

TEST_F(Registered, SaysWhyAnEntryCannotBeRead)
{
    refusal = ERROR_ACCESS_DENIED;

    look();

    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_USER].error, DWORD{ERROR_ACCESS_DENIED});
    EXPECT_EQ(r.classes[REGISTERED_X64][REGISTERED_USER].path, nullptr);
}

TEST_F(Registered, TakesTheUsersEntryBeforeTheMachines)
{
    values[{HKEY_LOCAL_MACHINE, class_key, KEY_WOW64_64KEY}] = L"C:\\machine.dll";
    values[{HKEY_CURRENT_USER, class_key, KEY_WOW64_64KEY}] = L"C:\\user.dll";

    look();

    EXPECT_STREQ(registered_in_use(r.classes[REGISTERED_X64])->path, L"C:\\user.dll");
}

} // namespace
