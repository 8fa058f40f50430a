#include "com/error.h"

#include <stdarg.h>

#include "com/error_log.h"
#include "pipe/pipe.h"

typedef struct error_entry
{
    HRESULT hr;
    const WCHAR *sentence; /* for FormatMessage, with the arguments that error.h names */
} error_entry;

static const error_entry entries[] = {
    [ERROR_ID_NO_PIPE_NAME] = {VB_ERROR(5),
                               L"The server cannot start without specifying a pipe name; set PipeName first."},
    [ERROR_ID_BAD_PIPE_NAME] = {VB_ERROR(5),
                                L"%1!s! \"%2!s!\" cannot be a pipe's name; give 1 to 247 characters without a NUL, no "
                                L"slash in front or at the end, and no part between slashes that is empty, . or .., or "
                                L"ends in a blank or a dot."},
    [ERROR_ID_BAD_SERVER_NAME] =
        {VB_ERROR(5), L"ServerName \"%1!s!\" cannot be a computer's name; give it without slashes, or . for this one."},
    [ERROR_ID_BAD_PATTERN] = {VB_ERROR(5),
                              L"Pattern \"%1!s!\" fits no pipe of this computer; give a name with * and ?, "
                              L"without a slash in front."},
    [ERROR_ID_TWO_SERVERS] = {VB_ERROR(5),
                              L"PipeName \"%1!s!\" is not on the computer that ServerName \"%2!s!\" names; "
                              L"leave ServerName out, or give the pipe's name alone."},
    [ERROR_ID_NO_PORT] = {VB_ERROR(5), L"Unable to create an IOCP port; Windows has run out of memory or handles."},
    [ERROR_ID_BAD_DESCRIPTOR] =
        {VB_ERROR(5), L"SecurityDescriptor \"%1!s!\" is no text that Windows can read (SDDL); give one such as "
                      L"D:(A;;FA;;;OW)(A;;0x12019b;;;AU), or none."},
    [ERROR_ID_BAD_ENTRY] =
        {VB_ERROR(5), L"SecurityDescriptor has the entry %1!s!, which Windows cannot read; six parts stand between its "
                      L"brackets, with rights and an account that Windows knows, as in (A;;0x12019b;;;AU)."},
    [ERROR_ID_NO_ACCESS_LIST] =
        {VB_ERROR(5),
         L"SecurityDescriptor has no access list, so that everybody could do everything with the pipe; give "
         L"one, such as D:(A;;FA;;;OW)(A;;0x12019b;;;AU)."},
    [ERROR_ID_LONG_ACCESS_LIST] =
        {VB_ERROR(5), L"SecurityDescriptor has more entries than an access list of Windows can hold (64 KiB, with the "
                      L"denial of network clients in front); give fewer, by groups instead of users."},
    [ERROR_ID_KEEPS_US_OUT] =
        {VB_ERROR(5), L"SecurityDescriptor keeps this server's own user from making further instances of the pipe; let "
                      L"the owner do everything, by (A;;FA;;;OW), deny this user nothing, and give no label above this "
                      L"program's own."},
    [ERROR_ID_BAD_OWNER] =
        {VB_ERROR(5), L"SecurityDescriptor names an owner or a group that this user may not give; leave O: and G: out, "
                      L"or give O:BA where this program runs as an administrator."},
    [ERROR_ID_BAD_LABEL] =
        {VB_ERROR(5), L"SecurityDescriptor asks behind S: for auditing, or for a label higher than this program's own, "
                      L"which this user may not; leave it out, or give a lower label, such as S:(ML;;NW;;;LW)."},
    [ERROR_ID_OUT_OF_RANGE] = {VB_ERROR(5), L"%1!s! is %2!d!; give %3!s!."},
    [ERROR_ID_TIMEOUT_RANGE] = {VB_ERROR(5), L"%1!s! is %2!d!; give -1 to wait for ever, or a number of milliseconds."},
    [ERROR_ID_CODE_PAGE] = {VB_ERROR(5), L"Windows knows no code page %1!d!; give 65001 for UTF-8, 1200 for UTF-16, 0 "
                                         L"for this computer's ANSI code page, or another of Windows' code pages."},
    [ERROR_ID_UTF16_IN_LINES] =
        {VB_ERROR(5),
         L"Text as UTF-16 cannot be sent in lines, since the bytes of its characters may be line ends; send "
         L"it by AsyncWriteText, AsyncBroadcastText, CallText or SendText, with CodePage 65001."},
    [ERROR_ID_ENDLESS] = {VB_ERROR(5), L"The object that was given as Data has given more than %1!d! items; its "
                                       L"enumerator may be without an end. Give an array, or send it in parts."},
    [ERROR_ID_WRONG_THREAD] = {VB_ERROR(5), L"%1!s! was called on another thread; call it on the thread that created "
                                            L"this object."},
    [ERROR_ID_INSIDE_HANDLER] = {VB_ERROR(5), L"%1!s! was called inside a handler of a free-threaded event; call it "
                                              L"elsewhere."},
    [ERROR_ID_CALL_UNDER_WAY] = {VB_ERROR(5), L"A Call on this connection is under way; wait until it has returned, or "
                                              L"call on another connection."},
    [ERROR_ID_READS_WAIT] = {VB_ERROR(5), L"AsyncRead was called on this connection and waits for a message, which "
                                          L"may be the answer; call on another connection."},
    [ERROR_ID_ONLY_CALLED] = {VB_ERROR(5), L"Call was used on this connection, and takes all messages since; give "
                                           L"AsyncRead a connection of its own."},
    [ERROR_ID_OTHER_OWNER] = {VB_ERROR(5),
                              L"The pipe belongs to another user than before, so the connection keeps away "
                              L"from it and goes on trying; see who has started that server."},
    [ERROR_ID_NO_EVENT_METHODS] = {VB_ERROR(5), L"EventSink has no method with an event's name; give an object with "
                                                L"public methods such as %1!s!, or Nothing."},
    [ERROR_ID_NO_ITEM] = {VB_ERROR(9),
                          L"There is no item %1!d!; the items are numbered from 1 to Count, which is %2!d!."},
    [ERROR_ID_WRONG_DATA] = {DISP_E_TYPEMISMATCH, L"Data is no bytes; give an array of Byte, a String, or an array or "
                                                  L"a list of whole numbers from 0 to 255; or send it as JSON."},
    [ERROR_ID_WRONG_ELEMENT_TYPE] =
        {DISP_E_TYPEMISMATCH, L"Data(%1!d!) is no whole number, as text, True and Null are none; give numbers from "
                              L"0 to 255."},
    [ERROR_ID_WRONG_ELEMENT] = {DISP_E_TYPEMISMATCH, L"Data(%1!d!) is %2!d!; give numbers from 0 to 255."},
    [ERROR_ID_DIMENSIONS] = {DISP_E_TYPEMISMATCH, L"Data is an array of %1!d! dimensions; give an array of one."},
    [ERROR_ID_ARRAY_IN_USE] = {DISP_E_TYPEMISMATCH, L"Data is an array that cannot be read now, since it is locked; "
                                                    L"give a copy of it."},
    [ERROR_ID_NO_JSON] = {DISP_E_TYPEMISMATCH, L"Value has something in it that JSON cannot say; give texts, numbers, "
                                               L"Booleans, dates, Null, arrays and objects, no records."},
    [ERROR_ID_JSON_OBJECT] =
        {DISP_E_TYPEMISMATCH,
         L"Value has an object in it that has neither Keys and Item, nor a value as its default property, "
         L"nor an enumerator; give a Scripting.Dictionary, an array, or values."},
    [ERROR_ID_JSON_KEY] = {DISP_E_TYPEMISMATCH, L"A dictionary in Value has a key that is no text and no number; give "
                                                L"texts."},
    [ERROR_ID_JSON_DIMENSIONS] = {VB_ERROR(5), L"Value has an array of %1!d! dimensions in it; give one or two."},
    [ERROR_ID_JSON_NO_NUMBER] = {VB_ERROR(5), L"Value has a number in it that is infinite or undefined, which JSON "
                                              L"cannot say; give Null, or a text."},
    [ERROR_ID_JSON_NO_DATE] = {VB_ERROR(5), L"Value has a date in it that lies outside the years 100 to 9999; give "
                                            L"Null, or a text."},
    [ERROR_ID_JSON_TOO_DEEP] = {VB_ERROR(5), L"Value is nested more than %1!d! levels deep, or refers to itself; leave "
                                             L"out what leads back."},
    [ERROR_ID_JSON_MEMBERS] = {VB_ERROR(5),
                               L"An object in Value has more than %1!d! members; give an array, or several "
                               L"objects."},
    [ERROR_ID_JSON_TOO_LONG] = {VB_ERROR(5), L"The JSON of Value is longer than %1!d! characters; send it in parts."},
    [ERROR_ID_JSON_ENDLESS] = {VB_ERROR(5), L"The objects in Value have given more than %1!d! items; an enumerator may "
                                            L"be without an end."},
    [ERROR_ID_JSON_TEXT] = {VB_ERROR(5), L"The JSON is wrong in line %1!d!, column %2!d!: %3!s!."},
    [ERROR_ID_NO_MESSAGE] = {VB_ERROR(5), L"This event has no message; Name says which event it is."},
    [ERROR_ID_NO_DICTIONARY] = {VB_ERROR(429), L"An object of JSON becomes a Scripting.Dictionary, which this system "
                                               L"cannot create; register its scrrun.dll (regsvr32 scrrun.dll)."},
    [ERROR_ID_OUT_OF_MEMORY] = {E_OUTOFMEMORY, L"There is not enough memory for this."},
    [ERROR_ID_NULL_POINTER] = {E_POINTER, L"A pointer for the result is missing; give one."},
    [ERROR_ID_NO_APARTMENT] = {CO_E_NOTINITIALIZED, L"A value with an object in it needs COM on this thread; call "
                                                    L"CoInitialize on it first."},
    [ERROR_ID_NO_SUCH_PIPE] = {VB_ERROR(53), L"There is no such pipe; start its server first, or check the name."},
    [ERROR_ID_NO_PIPE_LIST] = {(HRESULT)(0x80070000L + ERROR_BAD_DEV_TYPE),
                               L"This system does not list its pipes, as Wine does not; use names that you know."},
    [ERROR_ID_ACCESS_DENIED] = {VB_ERROR(70), L"Access to the pipe is denied; its security or that of another pipe of "
                                              L"this name does not let this user in."},
    [ERROR_ID_READ_ONLY] = {VB_ERROR(70), L"The server of this pipe only sends; nothing can be written to it."},
    [ERROR_ID_WRITE_ONLY] = {VB_ERROR(70), L"The server of this pipe only receives; nothing can be read from it."},
    [ERROR_ID_NOT_CONNECTED] = {(HRESULT)NamedPipeErrorNotConnected,
                                L"The connection has ended and takes no more writes or reads; connect again, or wait "
                                L"for a new client."},
    [ERROR_ID_NO_ANSWER] = {(HRESULT)NamedPipeErrorNotConnected,
                            L"The server closed the pipe without an answer; see whether it expects such a message."},
    [ERROR_ID_CALL_ENDED] =
        {(HRESULT)NamedPipeErrorNotConnected,
         L"The connection has ended, and no answer came; DisconnectReason says why. Connect again, or wait for "
         L"Connected where ReconnectMs is set."},
    [ERROR_ID_NOT_TAKEN] = {(HRESULT)NamedPipeErrorNotConnected,
                            L"The server closed the pipe before it took the message; see whether it expects one."},
    [ERROR_ID_SEND_QUEUE_FULL] = {(HRESULT)NamedPipeErrorSendQueueFull,
                                  L"What waits to be sent has reached SendQueueLimit; "
                                  L"wait for %1!s!, or raise the limit."},
    [ERROR_ID_NAME_IN_USE] = {(HRESULT)NamedPipeErrorNameInUse, L"Another server owns a pipe of this name; stop it, or "
                                                                L"choose another PipeName."},
    [ERROR_ID_NAME_HELD] = {(HRESULT)NamedPipeErrorNameInUse,
                            L"An old client still holds a pipe of this name that was made with other settings, or by "
                            L"another user; end that client, or choose another PipeName."},
    [ERROR_ID_TIMED_OUT] = {(HRESULT)NamedPipeErrorTimedOut,
                            L"The time is up; give a longer timeout, or see whether the "
                            L"other end is alive and answers."},
    [ERROR_ID_TAKEN_BACK] =
        {(HRESULT)NamedPipeErrorTimedOut,
         L"The time was up before the message could be sent: it was taken back, and the connection goes on; see "
         L"whether the server is there and reads."},
    [ERROR_ID_ANSWER_LATE] =
        {(HRESULT)NamedPipeErrorTimedOut,
         L"The answer did not come in time, and the connection was ended, since the next Call would take that answer "
         L"for its own; connect again, and give a longer timeout if the server needs it."},
    [ERROR_ID_STOP_WAITS] = {(HRESULT)NamedPipeErrorTimedOut,
                             L"Another thread's Stop waits until this handler returns; start or connect again when "
                             L"Stop is done."},
    [ERROR_ID_PIPE_BUSY] =
        {(HRESULT)NamedPipeErrorTimedOut,
         L"All instances of the pipe are busy with other clients; try again later, or let its server "
         L"serve more clients at once."},
    [ERROR_ID_MESSAGE_TOO_LONG] =
        {(HRESULT)NamedPipeErrorMessageTooLong,
         L"The message is longer than MaxMessageSize allows, or than an array can be (2 GiB); "
         L"raise MaxMessageSize, or let the other end send it in parts, or see whether it has this Framing."},
    [ERROR_ID_BAD_FRAME] =
        {(HRESULT)NamedPipeErrorBadFrame,
         L"What the other end sent has no such frames as Framing says, or it left in the middle of one; see how it "
         L"tells its messages apart, and set Framing to that."},
    [ERROR_ID_NO_MESSAGES] =
        {(HRESULT)NamedPipeErrorNoMessages,
         L"The server's pipe carries a stream of bytes and no messages, so nothing was sent; set Framing to how the "
         L"server tells its messages apart, such as NamedPipeFramingLines (1)."},
    [ERROR_ID_NOT_SENT] = {(HRESULT)NamedPipeErrorNotSent,
                           L"The connection has ended, and the server has not taken all that was written; messages "
                           L"that were not sent: %1!d!. Send again what must arrive, once Connected comes."},
    [ERROR_ID_HANDLER_FAILED] = {(HRESULT)NamedPipeErrorHandlerFailed,
                                 L"A handler of an event failed; LastEventError says which, and why."},
    [ERROR_ID_SCRIPT_REPORTED] = {(HRESULT)0x80020101,
                                  L"A member of an object in Value failed; its script has shown the error already."},
};

/* Codes of the engine that have a sentence here; for others Windows has a sentence. */
typedef struct code_entry
{
    DWORD code;
    error_id id;
    LONG number;        /* the Number of error events; 0: the code itself */
    const WCHAR *event; /* that the sentence names, or NULL; only a server reports the code by an event */
} code_entry;

static const code_entry codes[] = {
    {PIPE_ERROR_NOT_OPEN, ERROR_ID_NOT_CONNECTED, (LONG)NamedPipeErrorNotConnected, NULL},
    {PIPE_ERROR_SEND_QUEUE_FULL, ERROR_ID_SEND_QUEUE_FULL, (LONG)NamedPipeErrorSendQueueFull, L"ClientMessageSent"},
    {PIPE_ERROR_NO_PORT, ERROR_ID_NO_PORT, 5, NULL},
    {PIPE_ERROR_NAME_IN_USE, ERROR_ID_NAME_IN_USE, (LONG)NamedPipeErrorNameInUse, NULL},
    {PIPE_ERROR_NAME_HELD, ERROR_ID_NAME_HELD, (LONG)NamedPipeErrorNameInUse, NULL},
    {PIPE_ERROR_NO_ACCESS_LIST, ERROR_ID_NO_ACCESS_LIST, 5, NULL},
    {ERROR_ALLOTTED_SPACE_EXCEEDED, ERROR_ID_LONG_ACCESS_LIST, 5, NULL},
    {PIPE_ERROR_KEEPS_US_OUT, ERROR_ID_KEEPS_US_OUT, 5, NULL},
    {ERROR_INVALID_OWNER, ERROR_ID_BAD_OWNER, 5, NULL},
    {ERROR_INVALID_PRIMARY_GROUP, ERROR_ID_BAD_OWNER, 5, NULL},
    {ERROR_INVALID_LABEL, ERROR_ID_BAD_LABEL, 5, NULL},
    {PIPE_ERROR_NEEDS_PRIVILEGE, ERROR_ID_BAD_LABEL, 5, NULL},
    {PIPE_ERROR_TIMED_OUT, ERROR_ID_TIMED_OUT, (LONG)NamedPipeErrorTimedOut, NULL},
    {PIPE_ERROR_ANSWER_LATE, ERROR_ID_ANSWER_LATE, (LONG)NamedPipeErrorTimedOut, NULL},
    {PIPE_ERROR_ASKING, ERROR_ID_CALL_UNDER_WAY, 5, NULL},
    {PIPE_ERROR_READS_WAIT, ERROR_ID_READS_WAIT, 5, NULL},
    {PIPE_ERROR_IS_ASKED, ERROR_ID_ONLY_CALLED, 5, NULL},
    {PIPE_ERROR_BUSY, ERROR_ID_PIPE_BUSY, (LONG)NamedPipeErrorTimedOut, NULL},
    {PIPE_ERROR_READ_ONLY, ERROR_ID_READ_ONLY, 70, NULL},
    {PIPE_ERROR_WRITE_ONLY, ERROR_ID_WRITE_ONLY, 70, NULL},
    {PIPE_ERROR_MESSAGE_TOO_LONG, ERROR_ID_MESSAGE_TOO_LONG, (LONG)NamedPipeErrorMessageTooLong, NULL},
    {PIPE_ERROR_BAD_FRAME, ERROR_ID_BAD_FRAME, (LONG)NamedPipeErrorBadFrame, NULL},
    {PIPE_ERROR_NO_MESSAGES, ERROR_ID_NO_MESSAGES, (LONG)NamedPipeErrorNoMessages, NULL},
    {PIPE_ERROR_NOT_SENT, ERROR_ID_NOT_SENT, (LONG)NamedPipeErrorNotSent, NULL},
    {PIPE_ERROR_OTHER_OWNER, ERROR_ID_OTHER_OWNER, 5, NULL},
    {PIPE_ERROR_HANDLER_FAILED, ERROR_ID_HANDLER_FAILED, (LONG)NamedPipeErrorHandlerFailed, NULL},
    {ERROR_NOT_ENOUGH_MEMORY, ERROR_ID_OUT_OF_MEMORY, 7, NULL},
    {ERROR_OUTOFMEMORY, ERROR_ID_OUT_OF_MEMORY, 7, NULL},
    {ERROR_COMMITMENT_LIMIT, ERROR_ID_OUT_OF_MEMORY, 7, NULL},
    {ERROR_FILE_NOT_FOUND, ERROR_ID_NO_SUCH_PIPE, 0, NULL},
    {ERROR_ACCESS_DENIED, ERROR_ID_ACCESS_DENIED, 0, NULL},
};

static const code_entry *find_code(DWORD error)
{
    size_t i;

    for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
    {
        if (codes[i].code == error)
            return &codes[i];
    }
    return NULL;
}

static void set_error_info(const WCHAR *sentence)
{
    WCHAR source[] = L"NamedPipeServerLib.NamedPipeServer";
    ICreateErrorInfo *create;
    IErrorInfo *info;

    if (FAILED(CreateErrorInfo(&create)))
        return;
    ICreateErrorInfo_SetGUID(create, &IID_INamedPipeServer);
    ICreateErrorInfo_SetSource(create, source);
    ICreateErrorInfo_SetDescription(create, (WCHAR *)(uintptr_t)sentence); /* copies the text, in spite of its type */
    if (SUCCEEDED(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info)))
    {
        SetErrorInfo(0, info);
        IErrorInfo_Release(info);
    }
    ICreateErrorInfo_Release(create);
}

/* Returns the sentence, or NULL if memory is short; free it with LocalFree. */
static WCHAR *format_arguments(const WCHAR *format, va_list *arguments)
{
    WCHAR *sentence = NULL;

    FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_STRING, format, 0, 0,
                   (WCHAR *)(void *)&sentence, 0, arguments);
    return sentence;
}

static WCHAR *format_values(const WCHAR *sentence, ...)
{
    va_list arguments;
    WCHAR *formatted;

    va_start(arguments, sentence);
    formatted = format_arguments(sentence, &arguments);
    va_end(arguments);
    return formatted;
}

static bool is_trimmed(WCHAR c)
{
    return c == L'\n' || c == L'\r' || c == L' ';
}

/* Returns the sentence of Windows for a Win32 code or an HRESULT, without the end of the line; if Windows has none, a
 * sentence with the number. Free it with LocalFree; NULL: memory is short. */
static WCHAR *format_code(DWORD code)
{
    WCHAR *sentence = NULL;
    DWORD length =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       NULL, code, 0, (WCHAR *)(void *)&sentence, 0, NULL);

    while (length > 0 && is_trimmed(sentence[length - 1]))
        sentence[--length] = 0;
    if (length > 0)
        return sentence;
    LocalFree(sentence);
    return format_values(code > 0xFFFF ? L"Windows reports error 0x%1!08X!." : L"Windows reports error %1!u!.", code);
}

/* Sets the sentence of the thread and frees `sentence`, which may be NULL. Returns `hr`. */
static HRESULT raise_sentence(HRESULT hr, WCHAR *sentence)
{
    error_clear();
    if (sentence)
        set_error_info(sentence);
    LocalFree(sentence);
    return hr;
}

HRESULT error_raise(error_id id, ...)
{
    WCHAR *sentence;
    va_list arguments;

    va_start(arguments, id);
    sentence = format_arguments(entries[id].sentence, &arguments);
    va_end(arguments);
    return raise_sentence(entries[id].hr, sentence);
}

HRESULT error_raise_code(DWORD error)
{
    const code_entry *entry = find_code(error);

    if (entry)
        return error_raise(entry->id, entry->event);
    return raise_sentence(HRESULT_FROM_WIN32(error), format_code(error));
}

/* Wine says ERROR_PATH_NOT_FOUND for every other computer. */
HRESULT error_raise_remote(DWORD error, const WCHAR *server)
{
    if (error != ERROR_BAD_NETPATH && error != ERROR_PATH_NOT_FOUND)
        return error_raise_code(error);
    return raise_sentence(HRESULT_FROM_WIN32(error),
                          format_values(L"The computer \"%1!s!\" was not found or does not answer; give another "
                                        L"ServerName, or . for this computer.",
                                        server));
}

HRESULT error_raise_hresult(HRESULT hr)
{
    if (SUCCEEDED(hr))
        return hr;
    if (hr == E_OUTOFMEMORY)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    if (hr == E_POINTER)
        return error_raise(ERROR_ID_NULL_POINTER);
    if (hr == entries[ERROR_ID_SCRIPT_REPORTED].hr)
        return error_raise(ERROR_ID_SCRIPT_REPORTED);
    if (hr == CO_E_NOTINITIALIZED)
        return error_raise(ERROR_ID_NO_APARTMENT);
    return raise_sentence(hr, format_code((DWORD)hr));
}

HRESULT error_raise_text(HRESULT hr, const WCHAR *sentence)
{
    if (!sentence || !*sentence)
        return error_raise_hresult(hr);
    error_clear();
    set_error_info(sentence);
    return hr;
}

LONG error_number(DWORD error)
{
    const code_entry *entry = find_code(error);

    return entry && entry->number ? entry->number : (LONG)error;
}

/* Frees `sentence`, which may be NULL. */
static BSTR description_of(WCHAR *sentence)
{
    BSTR description = SysAllocString(sentence);

    LocalFree(sentence);
    return description;
}

BSTR error_describe(DWORD error)
{
    const code_entry *entry = find_code(error);

    return description_of(entry ? format_values(entries[entry->id].sentence, entry->event) : format_code(error));
}

BSTR error_describe_not_sent(LONG messages)
{
    return description_of(format_values(entries[ERROR_ID_NOT_SENT].sentence, messages));
}

/* ---- the source and the sentence ---- */

typedef struct class_name
{
    const IID *dual;
    const WCHAR *name;
} class_name;

static const class_name class_names[] = {
    {&IID_INamedPipeServerConnection, L"NamedPipeServerLib.NamedPipeServerConnection"},
    {&IID_INamedPipeConnections, L"NamedPipeServerLib.NamedPipeConnections"},
    {&IID_INamedPipeClientManager, L"NamedPipeServerLib.NamedPipeClientManager"},
    {&IID_INamedPipeClientConnection, L"NamedPipeServerLib.NamedPipeClientConnection"},
    {&IID_INamedPipeNames, L"NamedPipeServerLib.NamedPipeNames"},
    {&IID_INamedPipeEvent, L"NamedPipeServerLib.NamedPipeEvent"},
};

static void name_source(IErrorInfo *info, const class_name *class)
{
    ICreateErrorInfo *change;

    if (FAILED(IErrorInfo_QueryInterface(info, &IID_ICreateErrorInfo, (void **)&change)))
        return;
    ICreateErrorInfo_SetGUID(change, class->dual);
    ICreateErrorInfo_SetSource(change, (WCHAR *)(uintptr_t) class->name); /* it copies the text */
    ICreateErrorInfo_Release(change);
}

static void note_function(const char *function, HRESULT hr, IErrorInfo *info)
{
    BSTR sentence = NULL;

    IErrorInfo_GetDescription(info, &sentence);
    error_log_add_function(function, hr, sentence ? sentence : L"");
    SysFreeString(sentence);
}

HRESULT error_of_function(REFIID dual, const char *function, HRESULT hr)
{
    IErrorInfo *info;

    if (SUCCEEDED(hr) || GetErrorInfo(0, &info) != S_OK) /* it removes the sentence from the thread */
        return hr;
    for (size_t i = 0; i < ARRAYSIZE(class_names); i++)
        if (IsEqualIID(dual, class_names[i].dual))
            name_source(info, &class_names[i]);
    note_function(function, hr, info);
    SetErrorInfo(0, info);
    IErrorInfo_Release(info);
    return hr;
}

static BSTR take_sentence(void)
{
    BSTR sentence = NULL;
    IErrorInfo *info;

    if (GetErrorInfo(0, &info) != S_OK)
        return NULL;
    IErrorInfo_GetDescription(info, &sentence);
    IErrorInfo_Release(info);
    return sentence;
}

BSTR error_sentence(HRESULT hr)
{
    BSTR sentence = take_sentence();

    for (size_t i = 0; i < ARRAYSIZE(codes) && !SysStringLen(sentence); i++)
    {
        if (codes[i].number != (LONG)hr || HRESULT_FACILITY(hr) != FACILITY_ITF)
            continue;
        SysFreeString(sentence);
        sentence = error_describe(codes[i].code);
    }
    return sentence;
}

IErrorInfo *error_take(void)
{
    IErrorInfo *sentence;

    return GetErrorInfo(0, &sentence) == S_OK ? sentence : NULL;
}

void error_put_back(IErrorInfo *sentence)
{
    SetErrorInfo(0, sentence);
    if (sentence)
        IErrorInfo_Release(sentence);
}

BSTR error_copy_sentence(void)
{
    IErrorInfo *info = error_take();
    BSTR sentence = NULL;

    if (info)
        IErrorInfo_GetDescription(info, &sentence);
    error_put_back(info);
    return sentence;
}

void error_clear(void)
{
    SetErrorInfo(0, NULL);
}
