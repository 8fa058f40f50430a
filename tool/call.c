#include "tool/commands.h"

#include "tool/bytes.h"
#include "tool/escape.h"
#include "tool/files.h"
#include "tool/hex.h"
#include "tool/json_line.h"
#include "tool/library.h"
#include "tool/line.h"
#include "tool/message_text.h"
#include "tool/output.h"
#include "tool/sending.h"

#include <wchar.h>

enum
{
    TIMEOUT_MS = 30000
};

static void show_people(const BYTE *data, size_t size, const options *o)
{
    text_builder line = {0};

    if (o->hex || o->dump)
        hex_dump(&line, data, size);
    else
        escape_append(&line, data, size, ESCAPE_KEEPS_LINES);
    /* An answer that ends with a line end needs no second one. */
    if (line.length > 0 && line.text[line.length - 1] == L'\n')
        output_write(OUTPUT_RESULTS, &line);
    else
        output_line(OUTPUT_RESULTS, &line);
}

static void show_json(const BYTE *data, size_t size, const options *o)
{
    text_builder line = {0};

    json_begin(&line);
    json_message(&line, data, size, o->hex || o->dump);
    json_end(&line);
    output_line(OUTPUT_RESULTS, &line);
}

static bool show(const BYTE *data, size_t size, const options *o, out_file *out)
{
    if (o->out)
        return files_write(out, data, size);
    if (o->raw)
        output_bytes(data, size);
    else if (o->json)
        show_json(data, size, o);
    else
        show_people(data, size, o);
    return output_is_whole();
}

static bool show_array(SAFEARRAY *answer, const options *o, out_file *out)
{
    void *data;
    bool good;
    HRESULT hr = SafeArrayAccessData(answer, &data);

    if (FAILED(hr))
        return library_complain(hr);
    good = show(data, answer->rgsabound[0].cElements, o, out);
    SafeArrayUnaccessData(answer);
    return good;
}

/* With --one-way there is no answer to be shown. */
static bool show_sent(size_t size, const options *o)
{
    text_builder line = {0};

    if (!o->json)
        return true;
    json_begin(&line);
    json_number(&line, L"sent", (double)size, 0);
    json_end(&line);
    output_line(OUTPUT_RESULTS, &line);
    return output_is_whole();
}

static bool ask(INamedPipeClientManager *manager, BSTR name, VARIANT message, const options *o, out_file *out)
{
    LONG timeout = o->timeout == OPTIONS_NOT_GIVEN ? TIMEOUT_MS : o->timeout;
    SAFEARRAY *answer = NULL;
    HRESULT hr;
    bool good;

    INamedPipeClientManager_put_Framing(manager, (NamedPipeFraming)o->framing);
    if (o->most != OPTIONS_NOT_GIVEN)
        INamedPipeClientManager_put_MaxMessageSize(manager, o->most);
    if (o->one_way)
        hr = INamedPipeClientManager_Send(manager, name, message, timeout, NULL);
    else
        hr = INamedPipeClientManager_Call(manager, name, message, timeout, NULL, &answer);
    if (FAILED(hr))
        return library_complain(hr);
    good = o->one_way ? show_sent(V_ARRAY(&message)->rgsabound[0].cElements, o) : show_array(answer, o, out);
    if (answer)
        SafeArrayDestroy(answer);
    return good;
}

static bool read_message(const options *o, bytes *out)
{
    const WCHAR *text = o->operands[1];

    return o->file ? files_read(o->file, out) : message_text_read(text, wcslen(text), o->hex != 0, out);
}

static exit_code exchange(const bytes *message, const options *o, out_file *out)
{
    INamedPipeClientManager *manager = library_open() ? library_manager() : NULL;
    BSTR name = SysAllocString(o->operands[0]);
    VARIANT data;
    bool good = manager && SUCCEEDED(sending_variant(message->data, message->size, &data));

    library_names(o->operands[0]);
    if (good)
    {
        good = ask(manager, name, data, o, out);
        VariantClear(&data);
    }
    SysFreeString(name);
    if (manager)
        INamedPipeClientManager_Release(manager);
    return good ? EXIT_DONE : EXIT_FAILED;
}

/* The file for the answer is opened first: if that cannot be, nothing is sent. */
static exit_code exchange_into_file(const bytes *message, const options *o)
{
    out_file out = {0};
    exit_code code;

    if (!o->out)
        return exchange(message, o, NULL);
    if (!files_open(&out, o->out))
        return EXIT_FAILED;
    code = exchange(message, o, &out);
    files_close(&out, code == EXIT_DONE);
    return code;
}

exit_code call_run(const options *o)
{
    bytes message = {0};
    exit_code code;

    if (read_message(o, &message))
        code = exchange_into_file(&message, o);
    else
        code = o->file ? EXIT_FAILED : EXIT_USAGE;
    bytes_fini(&message);
    return code;
}
