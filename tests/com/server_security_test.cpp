/* Who may open a server's pipe, and who its clients are. */

#include "support/com/window_server.h"
#include "support/pipe/access_lists.h"
#include "support/pipe/background.h"
#include "support/pipe/seams.h"

namespace
{

constexpr wchar_t network[] = L"S-1-5-2", local_system[] = L"S-1-5-18", administrators[] = L"S-1-5-32-544",
                  authenticated[] = L"S-1-5-11", everyone[] = L"S-1-1-0";
constexpr DWORD client_rights = 0x12019b;

class ServerSecurity : public window_server_test
{
  protected:
    /* The access list and the mode of the pipes of one Start. */
    struct asked_for
    {
        access_list entries;
        bool rejects_remote;
    };
    asked_for started()
    {
        seams system;

        EXPECT_EQ(server.start(), S_OK);
        const pipe_creation last = system.creations().back();
        EXPECT_EQ(server.stop(), S_OK);
        return {entries_of_sddl(last.sddl), (last.pipe_mode & PIPE_REJECT_REMOTE_CLIENTS) != 0};
    }
    void expect_refusal(const wchar_t *descriptor, const wchar_t *sentence)
    {
        server->put_SecurityDescriptor(bstr(descriptor).get());
        EXPECT_EQ(server.start(), vb_error(5)) << std::wstring(descriptor).substr(0, 100);
        EXPECT_EQ(take_error_sentence(), sentence);
        EXPECT_FALSE(server.is_running());
    }
    std::wstring text(HRESULT (STDMETHODCALLTYPE INamedPipeServerConnection::*get)(BSTR *))
    {
        bstr value;
        EXPECT_EQ((c.get()->*get)(value.put()), S_OK);
        return value.str();
    }
};

TEST_F(ServerSecurity, BeginsWithThisUserAndThisComputer)
{
    bstr descriptor;

    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_Security), NamedPipeSecurityCurrentUser);
    EXPECT_EQ(server->get_SecurityDescriptor(descriptor.put()), S_OK);
    EXPECT_EQ(descriptor.str(), L"");
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_AllowRemoteClients), VARIANT_FALSE);
}

TEST_F(ServerSecurity, ReadsWhatWasLastPut)
{
    bstr descriptor;

    EXPECT_EQ(server->put_Security(NamedPipeSecurityEveryone), S_OK);
    EXPECT_EQ(server->put_SecurityDescriptor(bstr(L"nonsense").get()), S_OK);
    EXPECT_EQ(server->put_AllowRemoteClients(VARIANT_TRUE), S_OK);

    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_Security), NamedPipeSecurityEveryone);
    EXPECT_EQ(server->get_SecurityDescriptor(descriptor.put()), S_OK);
    EXPECT_EQ(descriptor.str(), L"nonsense");
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_AllowRemoteClients), VARIANT_TRUE);
    EXPECT_EQ(server->get_Security(nullptr), E_POINTER);
    EXPECT_EQ(server->get_SecurityDescriptor(nullptr), E_POINTER);
}

TEST_F(ServerSecurity, LetsInWhomThePresetNames)
{
    const access_list alone = {denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, own_sid()),
                               allows(client_rights, local_system), allows(client_rights, administrators)};
    access_list with_users = alone, with_all = alone;
    with_users.push_back(allows(client_rights, authenticated));
    with_all.push_back(allows(client_rights, everyone));

    EXPECT_EQ(started().entries, alone);
    server->put_Security(NamedPipeSecurityAuthenticatedUsers);
    EXPECT_EQ(started().entries, with_users);
    server->put_Security(NamedPipeSecurityEveryone);
    EXPECT_EQ(started().entries, with_all);
}

TEST_F(ServerSecurity, LetsInWhomTheDescriptorNamesInsteadOfThePreset)
{
    server->put_Security(NamedPipeSecurityEveryone);
    server->put_SecurityDescriptor(bstr(L"D:(A;;FA;;;BA)(A;;0x12019b;;;AU)").get());

    EXPECT_EQ(started().entries, (access_list{denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, administrators),
                                              allows(client_rights, authenticated)}));
}

TEST_F(ServerSecurity, LetsClientsOfOtherComputersInOnlyWhereTheyAreAllowed)
{
    EXPECT_TRUE(started().rejects_remote);

    server->put_AllowRemoteClients(VARIANT_TRUE);
    const asked_for open = started();

    EXPECT_FALSE(open.rejects_remote);
    EXPECT_EQ(open.entries[0], allows(FILE_ALL_ACCESS, own_sid()));
}

TEST_F(ServerSecurity, StaysAsItWasAtStart)
{
    raw_client others[6];
    seams system;
    ASSERT_EQ(server.start(), S_OK);

    server->put_Security(NamedPipeSecurityEveryone);
    server->put_SecurityDescriptor(bstr(L"nonsense").get());
    for (raw_client &one : others)
        ASSERT_EQ(one.connect(server.path), 0u);

    for (const pipe_creation &creation : system.creations())
        EXPECT_EQ(entries_of_sddl(creation.sddl).size(), 4u);
    for (raw_client &one : others)
        one.close();
    EXPECT_EQ(server.stop(), S_OK);
}

TEST_F(ServerSecurity, OfAPresetThatThereIsNotIsErrorFive)
{
    server->put_Security(static_cast<NamedPipeSecurity>(3));

    EXPECT_EQ(server.start(), vb_error(5));

    EXPECT_EQ(take_error_sentence(),
              L"Security is 3; give NamedPipeSecurityCurrentUser (0), NamedPipeSecurityAuthenticatedUsers (1) or "
              L"NamedPipeSecurityEveryone (2).");
}

TEST_F(ServerSecurity, OfADescriptorThatCannotBeReadSaysWhy)
{
    expect_refusal(L"hello", L"SecurityDescriptor \"hello\" is no text that Windows can read (SDDL); give one such as "
                             L"D:(A;;FA;;;OW)(A;;0x12019b;;;AU), or none.");
    expect_refusal(L"D:(A;;FA;;;BA)(A;;FA;;;ZZ)",
                   L"SecurityDescriptor has the entry (A;;FA;;;ZZ), which Windows cannot read; six parts stand between "
                   L"its brackets, with rights and an account that Windows knows, as in (A;;0x12019b;;;AU).");
}

/* Windows may ask a domain controller for an account of the text, and that may take long. */
TEST_F(ServerSecurity, OfADescriptorThatIsReadSlowlyHoldsNobodyElseUp)
{
    blocking_point slow;
    std::atomic<unsigned> reads = 0;
    HRESULT stopped = E_PENDING;
    VARIANT_BOOL running = VARIANT_TRUE;
    seams system;
    server->put_SecurityDescriptor(bstr(L"D:(A;;FA;;;BA)").get());
    system.read_sddl = [&](const WCHAR *)
    {
        reads++;
        slow.block();
    };
    background other(
        [&]
        {
            apartment mta(COINIT_MULTITHREADED);
            if (!slow.wait_until_blocked())
                return;
            server->get_IsRunning(&running);
            stopped = server->Stop(0);
            slow.unblock();
        });

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_TRUE(other.join(20000));
    EXPECT_EQ(stopped, S_OK) << "while the text was read";
    EXPECT_EQ(running, VARIANT_FALSE);
    EXPECT_TRUE(server.is_running());
    EXPECT_EQ(reads, 1u) << "not again while it is starting";
    EXPECT_EQ(server.stop(), S_OK);
}

TEST_F(ServerSecurity, OfADescriptorIsReadAsTheProcessOnAThreadThatImpersonates)
{
    unsigned reads = 0, as_another = 0;
    HANDLE token;
    seams system;
    server->put_SecurityDescriptor(bstr(L"D:(A;;FA;;;BA)").get());
    system.read_sddl = [&](const WCHAR *)
    {
        reads++;
        if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        {
            as_another++;
            CloseHandle(token);
        }
    };
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_TRUE(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) << "it goes on as before";
    CloseHandle(token);
    RevertToSelf();
    EXPECT_GE(reads, 1u);
    EXPECT_EQ(as_another, 0u);
    EXPECT_EQ(server.stop(), S_OK);
}

TEST_F(ServerSecurity, OfADescriptorIsNotReadByAStartOfARunningServer)
{
    unsigned reads = 0;
    ASSERT_EQ(server.start(), S_OK);
    seams system;
    system.read_sddl = [&](const WCHAR *) { reads++; };
    server->put_SecurityDescriptor(bstr(L"hello").get());

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_EQ(reads, 0u);
    EXPECT_EQ(server.stop(), S_OK);
}

/* 20 bytes an entry: with the denial in front they no longer fit into a list, whose size is a WORD. */
TEST_F(ServerSecurity, OfADescriptorWithMoreEntriesThanAListHoldsSaysSo)
{
    std::wstring descriptor = L"D:";

    for (int i = 0; i < 3276; i++)
        descriptor += L"(A;;FA;;;WD)";

    expect_refusal(descriptor.c_str(),
                   L"SecurityDescriptor has more entries than an access list of Windows can hold (64 KiB, with the "
                   L"denial of network clients in front); give fewer, by groups instead of users.");
    server->put_SecurityDescriptor(bstr(descriptor.substr(0, descriptor.size() - 12).c_str()).get());
    EXPECT_EQ(server.start(), S_OK) << "one less";
}

TEST_F(ServerSecurity, OfADescriptorWithANulIsErrorFive)
{
    server->put_SecurityDescriptor(bstr(std::wstring(L"D:(A;;FA;;;BA)\0(A;;FA;;;WD)", 27)).get());

    EXPECT_EQ(server.start(), vb_error(5));

    EXPECT_NE(take_error_sentence().find(L"is no text that Windows can read"), std::wstring::npos);
}

TEST_F(ServerSecurity, OfADescriptorThatCannotBeUsedSaysWhy)
{
    expect_refusal(L"O:BA", L"SecurityDescriptor has no access list, so that everybody could do everything with the "
                            L"pipe; give one, such as D:(A;;FA;;;OW)(A;;0x12019b;;;AU).");
    expect_refusal(L"D:(A;;0x12019b;;;WD)",
                   L"SecurityDescriptor keeps this server's own user from making further instances of the pipe; let "
                   L"the owner do everything, by (A;;FA;;;OW), deny this user nothing, and give no label above this "
                   L"program's own.");
}

TEST_F(ServerSecurity, OfADescriptorThatWindowsDoesNotGiveSaysWhy)
{
    server->put_SecurityDescriptor(bstr(L"D:(A;;FA;;;BA)").get());
    for (auto [error, words] : {std::pair{ERROR_INVALID_OWNER, L"names an owner or a group"},
                                std::pair{ERROR_INVALID_PRIMARY_GROUP, L"names an owner or a group"},
                                std::pair{ERROR_PRIVILEGE_NOT_HELD, L"asks behind S: for auditing, or for a label"},
                                std::pair{1299l /* ERROR_INVALID_LABEL */, L"asks behind S: for auditing"}})
    {
        seams system;
        system.create_named_pipe = [error = error] { return static_cast<DWORD>(error); };

        EXPECT_EQ(server.start(), vb_error(5)) << error;
        EXPECT_NE(take_error_sentence().find(words), std::wstring::npos) << error;
    }
    EXPECT_EQ(server.start(), S_OK) << "a Start that failed left the server as it was";
}

TEST_F(ServerSecurity, KnowsItsClient)
{
    DWORD session;
    ASSERT_TRUE(ProcessIdToSessionId(GetCurrentProcessId(), &session));
    start_with_client();

    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_ClientSessionId), static_cast<LONG>(session));
    EXPECT_EQ(text(&INamedPipeServerConnection::get_ClientUserName), own_name());
    EXPECT_EQ(c->get_ClientSessionId(nullptr), E_POINTER);
    EXPECT_EQ(c->get_ClientUserName(nullptr), E_POINTER);
    EXPECT_EQ(c->get_ClientComputerName(nullptr), E_POINTER);
}

TEST_F(ServerSecurity, KnowsItsClientWhenItHasGone)
{
    start_with_client();
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    ASSERT_EQ(server.stop(), S_OK);

    EXPECT_EQ(text(&INamedPipeServerConnection::get_ClientUserName), own_name());
}

TEST_F(ServerSecurity, HasNoNamesForAClientThatWindowsDoesNotTell)
{
    {
        seams system;
        system.impersonate_client = [](HANDLE) -> DWORD { return ERROR_CANNOT_IMPERSONATE; };
        system.client_computer = [](HANDLE) { return std::make_pair(std::wstring(), DWORD(ERROR_NOT_SUPPORTED)); };
        start_with_client();

        EXPECT_EQ(text(&INamedPipeServerConnection::get_ClientUserName), L"");
        EXPECT_EQ(text(&INamedPipeServerConnection::get_ClientComputerName), L"");
        client.close();
        ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
        ASSERT_EQ(server.stop(), S_OK);
    }
}

TEST_F(ServerSecurity, KnowsItsClientsComputer)
{
    {
        seams system;
        system.client_computer = [](HANDLE) { return std::make_pair(std::wstring(L"PC7"), DWORD(0)); };
        start_with_client();

        EXPECT_EQ(text(&INamedPipeServerConnection::get_ClientComputerName), L"PC7");
        client.close();
        ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
        ASSERT_EQ(server.stop(), S_OK);
    }
}

} // namespace
