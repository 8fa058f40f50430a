/* Registration for the machine and the user, by the system's own regsvr32 and, where it must fail, by the code
 * itself. */

#include "support/dll/loaded_dll.h"
#include "support/dll/registry_state.h"
#include "support/dll/regsvr32.h"

#include "support/com/apartments.h"

extern "C" {
#include "dll/registration.h"
#include "dll/registry.h"
}

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

const std::wstring clsid_key = L"CLSID\\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}";
const std::wstring library_key = L"TypeLib\\{8B064E86-D618-495B-91CB-C767B2DEC49D}";
const std::wstring prog_id = L"NamedPipeServerLib.NamedPipeServer";
const std::wstring own_system_key = sizeof(void *) == 8 ? L"\\1.0\\0\\win64" : L"\\1.0\\0\\win32";
const std::wstring other_system_key = sizeof(void *) == 8 ? L"\\1.0\\0\\win32" : L"\\1.0\\0\\win64";
const wchar_t none[] = L"(none)";

std::wstring text_of(REFGUID guid)
{
    wchar_t text[40];

    StringFromGUID2(guid, text, 40);
    return text;
}

/* By the registry, as any consumer does. */
HRESULT create_by_name(const std::wstring &name, com_ptr<INamedPipeServer> &server)
{
    CLSID clsid;
    HRESULT hr = CLSIDFromProgID(name.c_str(), &clsid);

    if (FAILED(hr))
        return hr;
    return CoCreateInstance(clsid, nullptr, CLSCTX_INPROC_SERVER, IID_INamedPipeServer, server.put_void());
}

/* Shows what differs alone. */
void expect_same_lines(std::vector<std::wstring> now, std::vector<std::wstring> expected)
{
    std::vector<std::wstring> more, less;

    std::sort(now.begin(), now.end());
    std::sort(expected.begin(), expected.end());
    std::set_difference(now.begin(), now.end(), expected.begin(), expected.end(), std::back_inserter(more));
    std::set_difference(expected.begin(), expected.end(), now.begin(), now.end(), std::back_inserter(less));
    EXPECT_EQ(more, std::vector<std::wstring>()) << "too much";
    EXPECT_EQ(less, std::vector<std::wstring>()) << "missing";
}

void expect_state(const std::vector<std::wstring> &expected)
{
    expect_same_lines(registry_state(), expected);
}

/* Each test begins and ends with nothing of ours registered. */
class Registration : public testing::Test
{
  protected:
    apartment sta{COINIT_APARTMENTTHREADED};
    std::vector<std::wstring> all_names;

    void SetUp() override
    {
        remove_all();
        ASSERT_EQ(registry_state(), std::vector<std::wstring>());
        all_names = names_of_all_classes();
    }

    void TearDown() override
    {
        remove_all();
    }

    static void remove_all()
    {
        registration_remove(REGISTRATION_MACHINE);
        registration_remove(REGISTRATION_USER);
        if (has_class_key(clsid_key, view::other))
            regsvr32(bitness::other, other_dll(), L"/u");
        if (has_class_key(clsid_key, view::other, HKEY_CURRENT_USER))
            regsvr32(bitness::other, other_dll(), L"/u /n /i:user");
    }

    void expect_nothing_is_left()
    {
        expect_state({});
        expect_same_lines(names_of_all_classes(), all_names);
    }
};

TEST_F(Registration, ByRegsvr32WritesWhatComNeeds)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    EXPECT_EQ(class_value(clsid_key), L"NamedPipeServer");
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), TEST_DLL);
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32", L"ThreadingModel"), L"Both");
    EXPECT_EQ(class_value(clsid_key + L"\\ProgID"), prog_id + L".1");
    EXPECT_EQ(class_value(clsid_key + L"\\VersionIndependentProgID"), prog_id);
    EXPECT_EQ(class_value(clsid_key + L"\\TypeLib"), text_of(LIBID_NamedPipeServerLib));
    EXPECT_EQ(class_value(clsid_key + L"\\Version"), L"1.0");
    EXPECT_TRUE(has_class_key(clsid_key + L"\\Programmable"));
    EXPECT_EQ(class_value(prog_id + L"\\CLSID"), text_of(CLSID_NamedPipeServer));
    EXPECT_EQ(class_value(prog_id + L"\\CurVer"), prog_id + L".1");
    EXPECT_EQ(class_value(prog_id + L".1\\CLSID"), text_of(CLSID_NamedPipeServer));
    EXPECT_EQ(class_value(library_key + own_system_key), TEST_DLL);
}

TEST_F(Registration, LetsTheServerBeCreatedByEachOfItsNames)
{
    com_ptr<INamedPipeServer> server;
    ASSERT_EQ(create_by_name(prog_id, server), CO_E_CLASSSTRING);
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    for (const std::wstring &name : {prog_id, prog_id + L".1"})
    {
        bstr version;

        ASSERT_EQ(create_by_name(name, server), S_OK);
        EXPECT_EQ(server->get_Version(version.put()), S_OK);
        EXPECT_EQ(version.str(), sizeof(void *) == 8 ? L"1.0.0 x64" : L"1.0.0 x86");
    }
}

TEST_F(Registration, LetsTheManagerOfClientsBeCreatedByEachOfItsNames)
{
    const std::wstring name = L"NamedPipeServerLib.NamedPipeClientManager";

    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);
    for (const std::wstring &each : {name, name + L".1"})
    {
        CLSID clsid = GUID_NULL;
        com_ptr<INamedPipeClientManager> manager;

        EXPECT_EQ(CLSIDFromProgID(each.c_str(), &clsid), S_OK);
        EXPECT_EQ(
            CoCreateInstance(clsid, nullptr, CLSCTX_INPROC_SERVER, IID_INamedPipeClientManager, manager.put_void()),
            S_OK);
    }
}

TEST_F(Registration, LetsTheTypeLibraryBeFound)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);
    com_ptr<ITypeLib> library;
    bstr title;

    ASSERT_EQ(LoadRegTypeLib(LIBID_NamedPipeServerLib, 1, 0, LOCALE_NEUTRAL, library.put()), S_OK);

    ASSERT_EQ(library->GetDocumentation(MEMBERID_NIL, nullptr, title.put(), nullptr, nullptr), S_OK);
    EXPECT_EQ(class_value(library_key + L"\\1.0"), title.str());
}

struct type_in_library
{
    TYPEKIND kind;
    WORD flags;
    GUID guid;
    std::wstring name;
};

/* The types of one kind that the DLL's library describes. */
std::vector<type_in_library> types_in_library(TYPEKIND kind)
{
    com_ptr<ITypeLib> library;
    std::vector<type_in_library> types;

    EXPECT_EQ(LoadTypeLibEx(TEST_DLL, REGKIND_NONE, library.put()), S_OK);
    for (UINT i = 0; i < library->GetTypeInfoCount(); i++)
    {
        com_ptr<ITypeInfo> info;
        TYPEATTR *about;
        bstr name;
        library->GetTypeInfo(i, info.put());
        info->GetTypeAttr(&about);
        info->GetDocumentation(MEMBERID_NIL, name.put(), nullptr, nullptr, nullptr);
        if (about->typekind == kind)
            types.push_back({about->typekind, about->wTypeFlags, about->guid, name.str()});
        info->ReleaseTypeAttr(about);
    }
    return types;
}

/* The tables of the registration stand by themselves: these hold them against the library. */
TEST_F(Registration, CoversEachClassThatCanBeCreated)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    for (const type_in_library &type : types_in_library(TKIND_COCLASS))
    {
        bool creatable = (type.flags & TYPEFLAG_FCANCREATE) != 0;

        EXPECT_EQ(has_class_key(L"CLSID\\" + text_of(type.guid)), creatable) << testing::PrintToString(type.name);
    }
}

TEST_F(Registration, CoversEachInterfaceWithTheMarshallerForIt)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    for (const type_in_library &type : types_in_library(TKIND_DISPATCH))
    {
        const std::wstring key = L"Interface\\" + text_of(type.guid);
        const wchar_t *expected = (type.flags & TYPEFLAG_FDUAL) != 0 ? L"{00020424-0000-0000-C000-000000000046}"
                                                                     : L"{00020420-0000-0000-C000-000000000046}";
        CLSID proxy;

        EXPECT_EQ(class_value(key), type.name);
        EXPECT_EQ(class_value(key + L"\\TypeLib"), text_of(LIBID_NamedPipeServerLib));
        EXPECT_EQ(class_value(key + L"\\TypeLib", L"Version"), L"1.0");
        EXPECT_EQ(CoGetPSClsid(type.guid, &proxy), S_OK);
        EXPECT_EQ(text_of(proxy), expected);
    }
}

TEST_F(Registration, IsUndoneWithoutATrace)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    EXPECT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);

    expect_nothing_is_left();
}

TEST_F(Registration, CanBeDoneTwiceAndUndoneTwice)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);
    std::vector<std::wstring> once = registry_state();

    EXPECT_EQ(regsvr32(bitness::own, TEST_DLL), 0);
    expect_state(once);
    EXPECT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);
    EXPECT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);
    expect_nothing_is_left();
}

TEST_F(Registration, OfOneBitnessServesThePrograms)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    EXPECT_EQ(run_system_program(bitness::own, L"cscript.exe",
                                 L"//nologo \"" TEST_CHECKOUT L"\\tests\\dll\\creates_a_server.vbs\""),
              42);
}

/* With the DLL of the other bitness. */
class BothBitnesses : public Registration
{
  protected:
    void SetUp() override
    {
        if (other_dll().empty())
            GTEST_SKIP() << "the other bitness is not built";
        Registration::SetUp();
        ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);
        own_alone = registry_state();
        ASSERT_EQ(regsvr32(bitness::other, other_dll()), 0);
    }

    static int create_in(bitness b)
    {
        return run_system_program(b, L"cscript.exe",
                                  L"//nologo \"" TEST_CHECKOUT L"\\tests\\dll\\creates_a_server.vbs\"");
    }

    std::vector<std::wstring> own_alone;
};

TEST_F(BothBitnesses, StandSideBySide)
{
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), TEST_DLL);
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32", nullptr, view::other), other_dll());
    EXPECT_EQ(class_value(library_key + own_system_key), TEST_DLL);
    EXPECT_EQ(class_value(library_key + other_system_key), other_dll());
    EXPECT_EQ(create_in(bitness::own), 42);
    EXPECT_EQ(create_in(bitness::other), 42);
}

TEST_F(BothBitnesses, TheFirstToGoLeavesTheOtherAtWork)
{
    const std::wstring interface_key = L"Interface\\" + text_of(IID_INamedPipeServer);

    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);

    EXPECT_FALSE(has_class_key(clsid_key));
    EXPECT_FALSE(has_class_key(interface_key));
    EXPECT_FALSE(has_class_key(library_key + own_system_key));
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32", nullptr, view::other), other_dll());
    EXPECT_EQ(class_value(interface_key, nullptr, view::other), L"INamedPipeServer");
    EXPECT_EQ(class_value(library_key + other_system_key), other_dll());
    EXPECT_EQ(create_in(bitness::other), 42);
}

TEST_F(BothBitnesses, TheLastToGoLeavesNothing)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);
    ASSERT_EQ(regsvr32(bitness::other, other_dll(), L"/u"), 0);

    expect_nothing_is_left();
}

TEST_F(BothBitnesses, CanGoInEitherOrder)
{
    ASSERT_EQ(regsvr32(bitness::other, other_dll(), L"/u"), 0);
    expect_state(own_alone);
    EXPECT_EQ(create_in(bitness::own), 42);

    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u"), 0);
    expect_nothing_is_left();
}

/* A copy of the DLL in a folder of its own. */
class FolderWithBlanksAndUmlauts : public Registration
{
  protected:
    std::wstring folder, copy;

    void SetUp() override
    {
        wchar_t temporary[MAX_PATH];

        GetTempPathW(MAX_PATH, temporary);
        folder = std::wstring(temporary) + L"pipes \u00e4\u00f6\u00fc \u00df " + std::to_wstring(GetCurrentProcessId());
        copy = folder + L"\\NamedPipeServer.dll";
        CreateDirectoryW(folder.c_str(), nullptr);
        ASSERT_TRUE(CopyFileW(TEST_DLL, copy.c_str(), FALSE));
        Registration::SetUp();
    }

    void TearDown() override
    {
        Registration::TearDown();
        CoFreeUnusedLibrariesEx(0, 0);
        DeleteFileW(copy.c_str());
        RemoveDirectoryW(folder.c_str());
    }
};

TEST_F(FolderWithBlanksAndUmlauts, IsRegisteredAndFound)
{
    com_ptr<INamedPipeServer> server;
    com_ptr<ITypeLib> library;

    ASSERT_EQ(regsvr32(bitness::own, copy), 0);

    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), copy);
    EXPECT_EQ(create_by_name(prog_id, server), S_OK);
    EXPECT_NE(GetModuleHandleW(copy.c_str()), nullptr);
    EXPECT_EQ(LoadRegTypeLib(LIBID_NamedPipeServerLib, 1, 0, LOCALE_NEUTRAL, library.put()), S_OK);
    server.reset();
    library.reset();
    EXPECT_EQ(regsvr32(bitness::own, copy, L"/u"), 0);
    expect_nothing_is_left();
}

/* As on a medium that cannot be written to: what is written is the registry alone. */
TEST_F(FolderWithBlanksAndUmlauts, IsRegisteredFromAFileThatCannotBeWrittenTo)
{
    ASSERT_TRUE(SetFileAttributesW(copy.c_str(), FILE_ATTRIBUTE_READONLY));

    EXPECT_EQ(regsvr32(bitness::own, copy), 0);
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), copy);
    EXPECT_EQ(regsvr32(bitness::own, copy, L"/u"), 0);
    expect_nothing_is_left();
    SetFileAttributesW(copy.c_str(), FILE_ATTRIBUTE_NORMAL);
}

TEST_F(FolderWithBlanksAndUmlauts, TakesThePlaceOfAnOlderOne)
{
    com_ptr<INamedPipeServer> server;

    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    ASSERT_EQ(regsvr32(bitness::own, copy), 0);

    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), copy);
    EXPECT_EQ(create_by_name(prog_id, server), S_OK);
    EXPECT_NE(GetModuleHandleW(copy.c_str()), nullptr);
    server.reset();
    EXPECT_EQ(regsvr32(bitness::own, copy, L"/u"), 0);
    expect_nothing_is_left();
}

/* Fails one of the calls that write, the n-th, as the system would. */
LONG calls_until_failure;

LSTATUS count_down()
{
    return calls_until_failure-- == 0 ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

LSTATUS WINAPI create_key_or_fail(HKEY root, const WCHAR *key, DWORD reserved, WCHAR *type, DWORD options,
                                  REGSAM access, SECURITY_ATTRIBUTES *security, HKEY *out, DWORD *disposition)
{
    LSTATUS error = count_down();

    return error ? error : RegCreateKeyExW(root, key, reserved, type, options, access, security, out, disposition);
}

LSTATUS WINAPI set_value_or_fail(HKEY key, const WCHAR *name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    LSTATUS error = count_down();

    return error ? error : RegSetValueExW(key, name, reserved, type, data, size);
}

LSTATUS WINAPI refuse_to_delete(HKEY, const WCHAR *)
{
    return ERROR_ACCESS_DENIED;
}

class FailingRegistration : public Registration
{
  protected:
    registry_calls system_calls = registry_system;

    void TearDown() override
    {
        registry_system = system_calls;
        Registration::TearDown();
    }

    /* Tries with a failure of the first call, of the second and so on, until one succeeds; how many failed. */
    int register_failing_at_each_call(const std::vector<std::wstring> &expected_state, const wchar_t *dll)
    {
        int failed = 0;
        HRESULT hr;

        registry_system.create_key = create_key_or_fail;
        registry_system.set_value = set_value_or_fail;
        for (;;)
        {
            calls_until_failure = failed;
            hr = registration_add(REGISTRATION_MACHINE, dll);
            if (SUCCEEDED(hr))
                return failed;
            EXPECT_EQ(hr, E_ACCESSDENIED);
            expect_state(expected_state);
            if (HasFailure())
                return failed;
            failed++;
        }
    }
};

TEST_F(FailingRegistration, LeavesNothingBehind)
{
    int failed = register_failing_at_each_call({}, TEST_DLL);

    EXPECT_GT(failed, 60);
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), TEST_DLL);
}

TEST_F(FailingRegistration, LeavesAnEarlierRegistrationAsItWas)
{
    ASSERT_EQ(registration_add(REGISTRATION_MACHINE, L"C:\\elsewhere\\NamedPipeServer.dll"), S_OK);
    std::vector<std::wstring> earlier = registry_state();

    int failed = register_failing_at_each_call(earlier, TEST_DLL);

    EXPECT_GT(failed, 60);
    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32"), TEST_DLL);
}

TEST_F(FailingRegistration, OfAKeyThatCannotBeDeletedIsToldAsWhatItIs)
{
    ASSERT_EQ(registration_add(REGISTRATION_MACHINE, TEST_DLL), S_OK);
    registry_system.delete_tree = refuse_to_delete;

    EXPECT_EQ(registration_remove(REGISTRATION_MACHINE), E_ACCESSDENIED);
}

TEST_F(Registration, ForTheUserGoesToTheUsersPartOfTheRegistry)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL, L"/n /i:user"), 0);

    EXPECT_EQ(class_value(clsid_key + L"\\InprocServer32", nullptr, view::own, HKEY_CURRENT_USER), TEST_DLL);
    EXPECT_EQ(class_value(prog_id + L"\\CLSID", nullptr, view::own, HKEY_CURRENT_USER), text_of(CLSID_NamedPipeServer));
    EXPECT_EQ(class_value(clsid_key), none);
    EXPECT_EQ(regsvr32(bitness::own, TEST_DLL, L"/u /n /i:user"), 0);
    EXPECT_FALSE(has_class_key(clsid_key, view::own, HKEY_CURRENT_USER));
    EXPECT_FALSE(has_class_key(prog_id, view::own, HKEY_CURRENT_USER));
    EXPECT_FALSE(has_class_key(library_key, view::own, HKEY_CURRENT_USER));
}

TEST_F(Registration, ByACommandThatIsUnknownChangesNothing)
{
    loaded_dll dll;

    for (const wchar_t *command : {L"", L"machine", L"user ", L"users"})
    {
        EXPECT_EQ(dll.install(true, command), E_INVALIDARG);
        EXPECT_EQ(dll.install(false, command), E_INVALIDARG);
    }
    EXPECT_EQ(dll.install(true, nullptr), E_INVALIDARG);

    expect_nothing_is_left();
}

} // namespace
