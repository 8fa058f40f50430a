#include "tool/library.h"

#include "tool/escape.h"
#include "tool/line.h"
#include "tool/output.h"

#include <wchar.h>

#define NO_SUCH_PIPE 0x800a0035u /* the HRESULT of VB's error 53 */

typedef HRESULT(STDAPICALLTYPE *get_class_object)(REFCLSID clsid, REFIID iid, void **out);

static get_class_object class_object;
static const WCHAR *asked_pipe;

/* ---- loading ---- */

static bool path_beside(WCHAR *path, DWORD room)
{
    static const WCHAR name[] = L"NamedPipeServer.dll";
    DWORD length = GetModuleFileNameW(NULL, path, room);

    if (!length || length == room)
        return false;
    while (length > 0 && path[length - 1] != L'\\')
        length--;
    if (length + ARRAYSIZE(name) > room)
        return false;
    lstrcpyW(path + length, name);
    return true;
}

bool library_open(void)
{
    WCHAR path[MAX_PATH * 2];
    HMODULE library;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return library_complain(hr);
    /* By its full path, so that none of that name from elsewhere is taken. */
    library = path_beside(path, ARRAYSIZE(path)) ? LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH) : NULL;
    if (library)
        class_object = (get_class_object)(void (*)(void))GetProcAddress(library, "DllGetClassObject");
    if (!class_object)
        output_complaint(
            L"NamedPipeServer.dll is not beside pipe.exe, or is of the other bitness; put the one from the "
            L"same folder of the package there.");
    return class_object != NULL;
}

static bool create(REFCLSID clsid, REFIID iid, void **out)
{
    IClassFactory *factory;
    HRESULT hr = class_object(clsid, &IID_IClassFactory, (void **)&factory);

    *out = NULL;
    if (FAILED(hr))
        return library_complain(hr);
    hr = IClassFactory_CreateInstance(factory, NULL, iid, out);
    IClassFactory_Release(factory);
    return SUCCEEDED(hr) || library_complain(hr);
}

INamedPipeServer *library_server(void)
{
    INamedPipeServer *server;

    if (!create(&CLSID_NamedPipeServer, &IID_INamedPipeServer, (void **)&server))
        return NULL;
    INamedPipeServer_put_FreeThreadingEvents(server, VARIANT_TRUE);
    return server;
}

INamedPipeClientManager *library_manager(void)
{
    INamedPipeClientManager *manager;

    if (!create(&CLSID_NamedPipeClientManager, &IID_INamedPipeClientManager, (void **)&manager))
        return NULL;
    INamedPipeClientManager_put_FreeThreadingEvents(manager, VARIANT_TRUE);
    return manager;
}

/* ---- sentences ---- */

/* Where the library's sentence names properties, this program's names options. */
static const WCHAR *own_sentence(LONG number)
{
    switch ((ULONG)number)
    {
    case (ULONG)NamedPipeErrorNoMessages:
        return L"The server's pipe carries a stream of bytes and no messages, so nothing was sent; say by --framing "
               L"how it tells its messages apart: lines, length, header, chunks or until-closed.";
    case (ULONG)NamedPipeErrorBadFrame:
        return L"What the other end sent has no such frames as --framing says, or it left in the middle of one; see "
               L"how it tells its messages apart.";
    case (ULONG)NamedPipeErrorMessageTooLong:
        return L"A message is longer than --max-size allows, or than one can be (2 GiB); raise --max-size, or see "
               L"whether the other end has this --framing.";
    case (ULONG)NamedPipeErrorNameInUse:
        return L"Another server owns a pipe of this name, or an old client holds it; stop it, or choose another name.";
    case (ULONG)NamedPipeErrorTimedOut:
        return L"The time is up; give a longer --timeout, or see whether the other end is alive, answers, and is not "
               L"busy with other clients.";
    case (ULONG)NamedPipeErrorSendQueueFull: return L"Too much waits to be sent; see whether the other end reads.";
    case (ULONG)HRESULT_FROM_WIN32(ERROR_BAD_NETPATH):
    case (ULONG)HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND):
    case ERROR_BAD_NETPATH:
    case ERROR_PATH_NOT_FOUND: /* so Wine for each other computer */
        return L"The computer was not found or does not answer; see its name between \\\\ and \\pipe\\, or give the "
               L"bare name for a pipe of this computer.";
    default: return NULL;
    }
}

void library_names(const WCHAR *pipe)
{
    asked_pipe = pipe;
}

/* Returns whether this program has a sentence of its own. */
static bool append_own_sentence(text_builder *b, LONG number)
{
    const WCHAR *sentence = own_sentence(number);

    if (asked_pipe && ((ULONG)number == NO_SUCH_PIPE || number == ERROR_FILE_NOT_FOUND))
    {
        line_text(b, L"There is no such pipe: ");
        escape_append_text(b, asked_pipe, wcslen(asked_pipe), ESCAPE_LINE_ENDS);
        line_text(b, L"; start its server first, or check the name.");
        return true;
    }
    if (sentence)
        line_text(b, sentence);
    return sentence != NULL;
}

static void append_system_sentence(text_builder *b, DWORD code)
{
    WCHAR text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0, text,
                                  ARRAYSIZE(text), NULL);

    while (length > 0 && text[length - 1] <= L' ')
        length--;
    text_builder_append(b, text, length);
    line_text(b, length > 0 ? L" (0x" : L"It failed (0x");
    line_hex(b, code, 8);
    line_text(b, L")");
}

void library_sentence(text_builder *b, HRESULT hr)
{
    IErrorInfo *info = NULL;
    BSTR text = NULL;

    if (GetErrorInfo(0, &info) == S_OK)
    {
        IErrorInfo_GetDescription(info, &text);
        IErrorInfo_Release(info);
    }
    if (!append_own_sentence(b, hr))
    {
        if (text && *text)
            line_text(b, text);
        else
            append_system_sentence(b, (DWORD)hr);
    }
    SysFreeString(text);
}

void library_event_sentence(text_builder *b, LONG number, const WCHAR *description)
{
    if (!append_own_sentence(b, number))
        line_text(b, description ? description : L"It failed.");
}

bool library_complain(HRESULT hr)
{
    text_builder sentence = {0};

    library_sentence(&sentence, hr);
    output_complaint_of(&sentence);
    return false;
}

const WCHAR *library_reason(NamedPipeDisconnectReason reason)
{
    switch (reason)
    {
    case NamedPipeReasonClientClosed: return L"the client left";
    case NamedPipeReasonServerClosed: return L"the server left";
    case NamedPipeReasonServerStopped: return L"pipe.exe was ended";
    case NamedPipeReasonMessageTooLong: return L"a message was too long";
    case NamedPipeReasonTransportError: return L"the pipe failed";
    case NamedPipeReasonConnectFailed: return L"no connection";
    case NamedPipeReasonBadFrame: return L"what came was no frame";
    case NamedPipeReasonNone:
    case NamedPipeReasonIdleTimeout:
    case NamedPipeReasonTimedOut: break;
    }
    return L"ended";
}
