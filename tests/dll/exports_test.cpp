/* The DLL as a file: its exports, its version, its type library. */

#include "support/dll/loaded_dll.h"

extern "C" {
#include "com/version.h"
}

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

/* From the export table of a loaded module, in its order: alphabetical. */
std::vector<std::string> exported_names(HMODULE module)
{
    auto *base = reinterpret_cast<const BYTE *>(module);
    auto *dos = reinterpret_cast<const IMAGE_DOS_HEADER *>(base);
    auto *nt = reinterpret_cast<const IMAGE_NT_HEADERS *>(base + dos->e_lfanew);
    auto &where = nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    auto *exports = reinterpret_cast<const IMAGE_EXPORT_DIRECTORY *>(base + where.VirtualAddress);
    auto *names = reinterpret_cast<const DWORD *>(base + exports->AddressOfNames);
    std::vector<std::string> found;

    for (DWORD i = 0; i < exports->NumberOfNames; i++)
        found.push_back(reinterpret_cast<const char *>(base + names[i]));
    return found;
}

TEST(Exports, AreThoseOfAComServerAndUndecorated)
{
    loaded_dll dll;

    std::vector<std::string> names = exported_names(dll.handle());

    EXPECT_EQ(names, (std::vector<std::string>{"DllCanUnloadNow", "DllGetClassObject", "DllInstall",
                                               "DllRegisterServer", "DllUnregisterServer"}));
}

/* The resource as Windows reads it, through version.dll. */
class Version : public testing::Test
{
  protected:
    std::vector<BYTE> block;
    HMODULE version = LoadLibraryW(L"version.dll");

    Version()
    {
        auto *size_of = find<DWORD WINAPI(const wchar_t *, DWORD *)>("GetFileVersionInfoSizeW");
        auto *read = find<BOOL WINAPI(const wchar_t *, DWORD, DWORD, void *)>("GetFileVersionInfoW");
        DWORD unused;

        block.resize(size_of(TEST_DLL, &unused));
        EXPECT_TRUE(read(TEST_DLL, 0, static_cast<DWORD>(block.size()), block.data()));
    }

    ~Version() override
    {
        FreeLibrary(version);
    }

    template <typename Function> Function *find(const char *name)
    {
        return reinterpret_cast<Function *>(reinterpret_cast<void *>(GetProcAddress(version, name)));
    }

    const void *query(const std::wstring &path)
    {
        auto *get = find<BOOL WINAPI(const void *, const wchar_t *, void **, UINT *)>("VerQueryValueW");
        void *value = nullptr;
        UINT size = 0;

        EXPECT_TRUE(get(block.data(), path.c_str(), &value, &size)) << "no such value";
        return value;
    }

    std::wstring text(const wchar_t *name)
    {
        auto *value = static_cast<const wchar_t *>(query(std::wstring(L"\\StringFileInfo\\040904B0\\") + name));

        return value ? value : L"";
    }
};

TEST_F(Version, IsThatOfTheLibraryInNumbersAndInText)
{
    const WORD numbers[] = {VERSION_NUMBERS};
    const std::string expected = VERSION;

    auto *fixed = static_cast<const VS_FIXEDFILEINFO *>(query(L"\\"));

    ASSERT_NE(fixed, nullptr);
    EXPECT_EQ(fixed->dwFileVersionMS, static_cast<DWORD>(MAKELONG(numbers[1], numbers[0])));
    EXPECT_EQ(fixed->dwFileVersionLS, static_cast<DWORD>(MAKELONG(numbers[3], numbers[2])));
    EXPECT_EQ(fixed->dwProductVersionMS, fixed->dwFileVersionMS);
    EXPECT_EQ(fixed->dwFileType, static_cast<DWORD>(VFT_DLL));
    EXPECT_EQ(text(L"FileVersion"), std::wstring(expected.begin(), expected.end()));
    EXPECT_EQ(text(L"ProductVersion"), text(L"FileVersion"));
}

TEST_F(Version, SaysWhatTheFileIs)
{
    EXPECT_EQ(text(L"OriginalFilename"), L"NamedPipeServer.dll");
    EXPECT_EQ(text(L"InternalName"), L"NamedPipeServer");
    EXPECT_EQ(text(L"ProductName"), L"NamedPipeServer");
    EXPECT_FALSE(text(L"FileDescription").empty());
    EXPECT_FALSE(text(L"CompanyName").empty());
    EXPECT_NE(text(L"LegalCopyright").find(L"MIT"), std::wstring::npos);
}

TEST(TypeLibrary, IsInTheDllWithItsBitness)
{
    com_ptr<ITypeLib> library;
    TLIBATTR *about = nullptr;

    ASSERT_EQ(LoadTypeLibEx(TEST_DLL, REGKIND_NONE, library.put()), S_OK);
    ASSERT_EQ(library->GetLibAttr(&about), S_OK);

    EXPECT_EQ(about->guid, LIBID_NamedPipeServerLib);
    EXPECT_EQ(about->syskind, sizeof(void *) == 8 ? SYS_WIN64 : SYS_WIN32);
    EXPECT_EQ(about->wMajorVerNum, 1);
    EXPECT_EQ(about->wMinorVerNum, 0);
    library->ReleaseTLibAttr(about);
}

} // namespace
