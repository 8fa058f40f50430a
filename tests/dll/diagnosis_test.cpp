/* What Diagnose says of the registry, where regsvr32 has written it. */

#include "support/dll/loaded_dll.h"
#include "support/dll/registry_state.h"
#include "support/dll/regsvr32.h"

#include "support/com/apartments.h"

extern "C" {
#include "dll/registration.h"
}

#include <gtest/gtest.h>

namespace
{

const std::wstring own_bits = sizeof(void *) == 8 ? L"64" : L"32";
const std::wstring other_bits = sizeof(void *) == 8 ? L"32" : L"64";

/* Each test begins and ends with nothing of ours registered. */
class DiagnosisOfTheRegistry : public testing::Test
{
  protected:
    apartment sta{COINIT_APARTMENTTHREADED};
    loaded_dll dll;
    com_ptr<INamedPipeServer> server = dll.make_server();

    void SetUp() override
    {
        remove_all();
    }
    void TearDown() override
    {
        remove_all();
    }

    static void remove_all()
    {
        registration_remove(REGISTRATION_MACHINE);
        registration_remove(REGISTRATION_USER);
    }

    std::wstring page()
    {
        bstr text;

        EXPECT_EQ(server->Diagnose(text.put()), S_OK);
        return text.str();
    }
    bool says(const std::wstring &part)
    {
        return page().find(part) != std::wstring::npos;
    }
};

TEST_F(DiagnosisOfTheRegistry, SaysThatNothingIsRegistered)
{
    EXPECT_TRUE(says(L"  " + own_bits + L" bits, for all users: no\r\n"));
    EXPECT_TRUE(says(L"  " + own_bits + L" bits, for this user: no\r\n"));
}

TEST_F(DiagnosisOfTheRegistry, FindsThisFileForAllUsersAndWhatIsMissing)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL), 0);

    EXPECT_TRUE(says(L"  Library: " + std::wstring(TEST_DLL)));
    EXPECT_TRUE(says(L"  " + own_bits + L" bits, for all users: " + TEST_DLL + L" (this file)\r\n"));
    EXPECT_TRUE(says(L"  Type library, " + own_bits + L" bits, for all users: " + TEST_DLL + L" (this file)\r\n"));
    EXPECT_TRUE(says(L"  - For " + other_bits + L"-bit programs nothing is registered: they get error 429"));
}

TEST_F(DiagnosisOfTheRegistry, FindsThisFileForThisUser)
{
    ASSERT_EQ(regsvr32(bitness::own, TEST_DLL, L"/n /i:user"), 0);

    EXPECT_TRUE(says(L"  " + own_bits + L" bits, for this user: " + TEST_DLL + L" (this file)\r\n"));
    EXPECT_TRUE(says(L"  " + own_bits + L" bits, for all users: no\r\n"));
}

TEST_F(DiagnosisOfTheRegistry, FindsAFileThatHasGone)
{
    ASSERT_EQ(registration_add(REGISTRATION_MACHINE, L"C:\\gone\\NamedPipeServer.dll"), S_OK);

    EXPECT_TRUE(
        says(L"  " + own_bits + L" bits, for all users: C:\\gone\\NamedPipeServer.dll (there is no such file)"));
    EXPECT_TRUE(says(L"  - For " + own_bits +
                     L"-bit programs the file C:\\gone\\NamedPipeServer.dll is registered, and "
                     L"does not exist. Register the DLL where it now lies."));
}

TEST_F(DiagnosisOfTheRegistry, FindsAnotherFileThanThisOne)
{
    ASSERT_EQ(registration_add(REGISTRATION_MACHINE, L"C:\\windows\\system32\\kernel32.dll"), S_OK);

    EXPECT_TRUE(says(L"kernel32.dll (another file than this one)"));
    EXPECT_TRUE(says(L"  - This DLL is not the one that is registered, C:\\windows\\system32\\kernel32.dll"));
}

} // namespace
