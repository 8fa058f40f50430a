#include "tool/commands.h"

#include "tool/bytes.h"
#include "tool/exec.h"
#include "tool/library.h"
#include "tool/line.h"
#include "tool/listening.h"
#include "tool/message_text.h"
#include "tool/output.h"
#include "tool/report.h"
#include "tool/sending.h"
#include "tool/sink.h"
#include "tool/stop.h"

#include <wchar.h>

enum
{
    EXEC_MS = 30000,
    EXEC_AT_ONCE = 8,     /* commands of --exec at a time: one for each thread of the server */
    EXEC_MOST = 67108864, /* bytes of what such a command writes */
    DRAIN_MS = 2000       /* for answers that wait when it is ended */
};

typedef struct listening_to
{
    const options *o;
    bytes reply; /* of --reply */
} listening_to;

/* ---- answers ---- */

static void answer(const listening_to *l, INamedPipeServerConnection *client, const BYTE *data, size_t size)
{
    text_builder sentence = {0};
    HRESULT hr = sending_to_client(client, data, size, 0);

    if (SUCCEEDED(hr))
    {
        report_message(l->o, report_id(client), false, data, size);
        return;
    }
    library_sentence(&sentence, hr);
    text_builder_add(&sentence, 0);
    if (sentence.state == TEXT_GOOD)
        report_error(l->o, report_id(client), sentence.text);
    text_builder_fini(&sentence);
}

/* Says that the command gave no answer, and why. */
static void report_exec(const listening_to *l, LONG id, DWORD error, DWORD code)
{
    text_builder sentence = {0};

    if (error == WAIT_TIMEOUT)
        line_text(&sentence, L"The command was ended, since it took longer than --timeout; there is no answer.");
    else if (error == ERROR_CANCELLED)
        line_text(&sentence, L"The command was ended; there is no answer.");
    else if (error == ERROR_FILE_TOO_LARGE)
        line_text(&sentence, L"The command wrote more than 64 MiB; there is no answer.");
    else if (!error && !code)
        line_text(&sentence, L"The command wrote nothing; there is no answer.");
    else
    {
        line_text(&sentence, error ? L"The command cannot be run (error " : L"The command ended with ");
        line_number(&sentence, error ? error : code);
        line_text(&sentence, error ? L"); there is no answer." : L"; there is no answer.");
    }
    text_builder_add(&sentence, 0);
    if (sentence.state == TEXT_GOOD)
        report_error(l->o, id, sentence.text);
    text_builder_fini(&sentence);
}

static void answer_by_command(const listening_to *l, const happening *h)
{
    const options *o = l->o;
    LONG ms = o->timeout == OPTIONS_NOT_GIVEN ? EXEC_MS : o->timeout;
    DWORD code = 0;
    bytes out = {0};
    DWORD error =
        exec_run(o->exec, h->data, h->size, ms < 0 ? INFINITE : (DWORD)ms, stop_event(), EXEC_MOST, &out, &code);

    if (error || code || !out.size)
        report_exec(l, report_id(h->client), error, code);
    else
        answer(l, h->client, out.data, out.size);
    bytes_fini(&out);
}

/* ---- events ---- */

static void on_message(const listening_to *l, const happening *h)
{
    listening_tell_user(l->o, h->client);
    report_message(l->o, report_id(h->client), true, h->data, h->size);
    if (l->o->echo)
        answer(l, h->client, h->data, h->size);
    else if (l->o->reply)
        answer(l, h->client, l->reply.data, l->reply.size);
    else if (l->o->exec)
        answer_by_command(l, h);
}

static void on_event(void *context, const happening *h)
{
    const listening_to *l = context;

    switch (h->kind)
    {
    case NamedPipeEventClientConnected: listening_greet(l->o, h->client); break;
    case NamedPipeEventClientMessageReceived: on_message(l, h); break;
    case NamedPipeEventClientError:
    case NamedPipeEventServerError: listening_tell_error(l->o, h); break;
    case NamedPipeEventClientDisconnected:
        listening_tell_end(l->o, h->client);
        if (l->o->once)
            stop_request();
        break;
    default: break;
    }
}

static exit_code listen_with(INamedPipeServer *server, listening_to *l)
{
    HRESULT hr;

    if (l->o->exec)
        INamedPipeServer_put_NumThreadsIOCP(server, EXEC_AT_ONCE);
    hr = sink_connect_server(server, on_event, l);
    if (SUCCEEDED(hr))
        hr = listening_start(server, l->o);
    if (FAILED(hr))
    {
        library_complain(hr);
        return EXIT_FAILED;
    }
    report_listening(l->o, server);
    WaitForSingleObject(stop_event(), INFINITE);
    INamedPipeServer_Stop(server, DRAIN_MS);
    report_summary(l->o, server);
    return output_is_whole() && !report_has_failed() ? EXIT_DONE : EXIT_FAILED;
}

exit_code listen_run(const options *o)
{
    listening_to l = {o, {0}};
    INamedPipeServer *server;
    exit_code code = EXIT_FAILED;

    if (o->reply && !message_text_read(o->reply, wcslen(o->reply), o->hex != 0, &l.reply))
        return EXIT_USAGE;
    server = library_open() ? library_server() : NULL;
    if (server)
    {
        code = listen_with(server, &l);
        INamedPipeServer_Release(server);
    }
    bytes_fini(&l.reply);
    return code;
}
