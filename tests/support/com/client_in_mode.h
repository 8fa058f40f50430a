/* client_in_mode.h: a NamedPipeClientManager for tests, as server_in_mode is for servers. */

#ifndef SUPPORT_COM_CLIENT_IN_MODE_H
#define SUPPORT_COM_CLIENT_IN_MODE_H

#include "support/com/server_in_mode.h"

using client_ptr = com_ptr<INamedPipeClientConnection>;

class client_in_mode : public with_events<INamedPipeClientManager>
{
  public:
    explicit client_in_mode(event_mode mode = event_mode::by_default, LONG threads = 1);

    /* Connect to a path of this computer; its failure is the test's. */
    client_ptr connect(const std::wstring &path, LONG timeout = static_cast<LONG>(event_patience));
    HRESULT try_connect(const wchar_t *name, const wchar_t *server = L".", LONG timeout = 100);

    /* The answer as text, or "(0x…)". */
    std::string call(const std::wstring &path, const wchar_t *text, LONG timeout = static_cast<LONG>(event_patience));

    /* The same for what a consumer writes for a name. */
    std::string call_name(const wchar_t *name, const wchar_t *text, LONG timeout = 100);
};

/* A recording sink, or any. */
DWORD advise_client(const client_ptr &client, std::shared_ptr<event_log> log, event_handler handler = nullptr,
                    sink_nature nature = sink_nature::bound);
DWORD advise_client(const client_ptr &client, IDispatch *sink);
HRESULT unadvise_client(const client_ptr &client, DWORD cookie);
HRESULT write_text(const client_ptr &client, const wchar_t *text, const VARIANT &cookie = variant::missing());
bool is_connected(const client_ptr &client);
bool is_opening(const client_ptr &client);
NamedPipeDisconnectReason reason_of(const client_ptr &client);
/* What stands behind \\.\pipe\. */
const wchar_t *name_in(const std::wstring &path);

#endif
