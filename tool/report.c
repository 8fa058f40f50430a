#include "tool/report.h"

#include "tool/escape.h"
#include "tool/json_line.h"
#include "tool/line.h"
#include "tool/output.h"
#include "tool/stop.h"
#include "tool/view.h"

#include <wchar.h>

enum
{
    SHOWN = 4096 /* bytes of a message, unless --limit says otherwise */
};

static LONG failed; /* Interlocked boolean */

LONG report_id(INamedPipeServerConnection *client)
{
    LONG id = 0;

    INamedPipeServerConnection_get_ID(client, &id);
    return id;
}

/* ---- how a report begins: with the time, and the number of the client ---- */

static void begin_line(text_builder *b, LONG id)
{
    SYSTEMTIME now;
    size_t from;

    GetLocalTime(&now);
    line_time(b, &now);
    line_text(b, L"  ");
    from = b->length;
    if (id)
        line_number(b, (ULONGLONG)id);
    line_pad(b, from, 3);
    text_builder_add(b, L' ');
}

static void begin_object(text_builder *b, LONG id, const WCHAR *event)
{
    SYSTEMTIME now;

    GetLocalTime(&now);
    json_begin(b);
    json_time(b, L"time", &now);
    json_text(b, L"event", event);
    if (id)
        json_number(b, L"client", id, 0);
}

static void end_object(text_builder *b)
{
    json_end(b);
    output_line(OUTPUT_RESULTS, b);
}

/* An event with one text. */
static void report_text(const options *o, LONG id, const WCHAR *event, const WCHAR *key, const WCHAR *text)
{
    text_builder b = {0};

    if (o->json)
    {
        begin_object(&b, id, event);
        json_text(&b, key, text);
        end_object(&b);
        return;
    }
    begin_line(&b, id);
    escape_append_text(&b, text, wcslen(text), ESCAPE_LINE_ENDS);
    output_line(OUTPUT_RESULTS, &b);
}

/* ---- the pipe ---- */

void report_listening(const options *o, INamedPipeServer *server)
{
    text_builder b = {0};
    BSTR name = NULL;

    INamedPipeServer_get_PipeName(server, &name);
    if (o->json)
    {
        begin_object(&b, 0, L"listening");
        json_text(&b, L"pipe", name ? name : L"");
        end_object(&b);
    }
    else
    {
        line_text(&b, L"Listening on ");
        line_text(&b, name ? name : L"");
        line_text(&b, L"; Ctrl+C ends it.");
        output_line(OUTPUT_REMARKS, &b);
    }
    SysFreeString(name);
}

void report_summary(const options *o, INamedPipeServer *server)
{
    text_builder b = {0};
    double clients = 0, received = 0, sent = 0;

    INamedPipeServer_get_TotalConnections(server, &clients);
    INamedPipeServer_get_MessagesReceived(server, &received);
    INamedPipeServer_get_MessagesSent(server, &sent);
    if (o->json)
    {
        begin_object(&b, 0, L"summary");
        json_number(&b, L"clients", clients, 0);
        json_number(&b, L"received", received, 0);
        json_number(&b, L"sent", sent, 0);
        end_object(&b);
        return;
    }
    line_text(&b, L"Clients: ");
    line_fixed(&b, clients, 0);
    line_text(&b, L"; messages from them: ");
    line_fixed(&b, received, 0);
    line_text(&b, L", to them: ");
    line_fixed(&b, sent, 0);
    output_line(OUTPUT_REMARKS, &b);
}

/* ---- a client ---- */

void report_connected(const options *o, INamedPipeServerConnection *client)
{
    text_builder b = {0};
    LONG id = report_id(client), process = 0, session = 0;
    BSTR user = NULL, computer = NULL;

    INamedPipeServerConnection_get_ClientProcessId(client, &process);
    INamedPipeServerConnection_get_ClientSessionId(client, &session);
    INamedPipeServerConnection_get_ClientUserName(client, &user);
    INamedPipeServerConnection_get_ClientComputerName(client, &computer);
    if (o->json)
    {
        begin_object(&b, id, L"connected");
        json_number(&b, L"process", (ULONG)process, 0);
        json_number(&b, L"session", (ULONG)session, 0);
        json_text(&b, L"user", user ? user : L"");
        json_text(&b, L"computer", computer ? computer : L"");
        end_object(&b);
    }
    else
    {
        begin_line(&b, id);
        line_text(&b, L"connected: process ");
        line_number(&b, (ULONG)process);
        line_text(&b, L", session ");
        line_number(&b, (ULONG)session);
        line_text(&b, user && *user ? L", user " : L", user not known yet");
        escape_append_text(&b, user ? user : L"", SysStringLen(user), ESCAPE_LINE_ENDS);
        line_text(&b, computer && *computer ? L", computer " : L"");
        escape_append_text(&b, computer ? computer : L"", SysStringLen(computer), ESCAPE_LINE_ENDS);
        output_line(OUTPUT_RESULTS, &b);
    }
    SysFreeString(user);
    SysFreeString(computer);
}

bool report_user(const options *o, INamedPipeServerConnection *client)
{
    text_builder b = {0};
    BSTR user = NULL;
    bool known;

    INamedPipeServerConnection_get_ClientUserName(client, &user);
    known = user && *user;
    if (known && o->json)
        report_text(o, report_id(client), L"user", L"user", user);
    else if (known)
    {
        begin_line(&b, report_id(client));
        line_text(&b, L"is user ");
        escape_append_text(&b, user, SysStringLen(user), ESCAPE_LINE_ENDS);
        output_line(OUTPUT_RESULTS, &b);
    }
    SysFreeString(user);
    return known;
}

void report_message(const options *o, LONG id, bool from_client, const BYTE *data, size_t size)
{
    text_builder b = {0};
    size_t limit = o->limit == OPTIONS_NOT_GIVEN ? SHOWN : (size_t)o->limit;

    if (o->json)
    {
        begin_object(&b, id, L"message");
        json_text(&b, L"from", from_client ? L"client" : L"server");
        json_message(&b, data, size, o->hex || o->dump);
        end_object(&b);
        return;
    }
    begin_line(&b, id);
    line_text(&b, from_client ? L"-> (" : L"<- (");
    line_number(&b, size);
    line_text(&b, size > 0 ? L") " : L")");
    view_message(&b, o, data, size, limit, true);
    output_line(OUTPUT_RESULTS, &b);
}

void report_ended(const options *o, LONG id, const WCHAR *why)
{
    report_text(o, id, L"disconnected", L"why", why);
}

void report_error(const options *o, LONG id, const WCHAR *sentence)
{
    report_text(o, id, L"error", L"error", sentence);
    if (!o->once || WaitForSingleObject(stop_event(), 0) == WAIT_OBJECT_0)
        return;
    InterlockedExchange(&failed, 1);
    output_complaint(sentence);
}

bool report_has_failed(void)
{
    return InterlockedCompareExchange(&failed, 0, 0) != 0;
}
