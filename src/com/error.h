/* error.h: what a caller gets when a call fails: an HRESULT, and a sentence that says what to do.
 *
 * A method that fails ends with `return error_raise(...)`. The sentence belongs to the calling thread; it is set last,
 * since calls through proxies clear it. The number is one of NamedPipeErrors, or an error n of Visual Basic if there is
 * a fitting one: VB_ERROR(n), but 7 is E_OUTOFMEMORY and 13 is DISP_E_TYPEMISMATCH. Any thread may call everything
 * here. */

#ifndef COM_ERROR_H
#define COM_ERROR_H

#include "com/com.h"

#define VB_ERROR(n) ((HRESULT)(0x800A0000L + (n)))

/* Each comment has the number and the arguments of the sentence: LONG, or const WCHAR * for text. */
typedef enum error_id
{
    ERROR_ID_NO_PIPE_NAME,       /* 5 */
    ERROR_ID_BAD_PIPE_NAME,      /* 5: parameter (text), the name (text) */
    ERROR_ID_BAD_SERVER_NAME,    /* 5: the name (text) */
    ERROR_ID_BAD_PATTERN,        /* 5: the pattern (text) */
    ERROR_ID_TWO_SERVERS,        /* 5: the pipe's name in full, the computer's (text) */
    ERROR_ID_NO_PORT,            /* 5 */
    ERROR_ID_BAD_DESCRIPTOR,     /* 5: SecurityDescriptor (text) */
    ERROR_ID_BAD_ENTRY,          /* 5: the entry of SecurityDescriptor (text) */
    ERROR_ID_NO_ACCESS_LIST,     /* 5 */
    ERROR_ID_LONG_ACCESS_LIST,   /* 5 */
    ERROR_ID_KEEPS_US_OUT,       /* 5 */
    ERROR_ID_BAD_OWNER,          /* 5 */
    ERROR_ID_BAD_LABEL,          /* 5 */
    ERROR_ID_OUT_OF_RANGE,       /* 5: property (text), value (LONG), what to give (text, such as "1 to 64") */
    ERROR_ID_TIMEOUT_RANGE,      /* 5: parameter (text), value (LONG) */
    ERROR_ID_CODE_PAGE,          /* 5: the code page (LONG) */
    ERROR_ID_UTF16_IN_LINES,     /* 5 */
    ERROR_ID_ENDLESS,            /* 5: the most items (LONG) */
    ERROR_ID_WRONG_THREAD,       /* 5: method (text) */
    ERROR_ID_INSIDE_HANDLER,     /* 5: method (text) */
    ERROR_ID_CALL_UNDER_WAY,     /* 5 */
    ERROR_ID_READS_WAIT,         /* 5 */
    ERROR_ID_ONLY_CALLED,        /* 5 */
    ERROR_ID_OTHER_OWNER,        /* 5 */
    ERROR_ID_NO_EVENT_METHODS,   /* 5: such a method (text) */
    ERROR_ID_NO_ITEM,            /* 9: index (LONG), count (LONG) */
    ERROR_ID_WRONG_DATA,         /* 13 */
    ERROR_ID_WRONG_ELEMENT_TYPE, /* 13: index (LONG) */
    ERROR_ID_WRONG_ELEMENT,      /* 13: index (LONG), value (LONG) */
    ERROR_ID_DIMENSIONS,         /* 13: how many (LONG) */
    ERROR_ID_ARRAY_IN_USE,       /* 13 */
    ERROR_ID_NO_JSON,            /* 13 */
    ERROR_ID_JSON_OBJECT,        /* 13 */
    ERROR_ID_JSON_KEY,           /* 13 */
    ERROR_ID_JSON_DIMENSIONS,    /* 5: how many (LONG) */
    ERROR_ID_JSON_NO_NUMBER,     /* 5 */
    ERROR_ID_JSON_NO_DATE,       /* 5 */
    ERROR_ID_JSON_TOO_DEEP,      /* 5: levels (LONG) */
    ERROR_ID_JSON_MEMBERS,       /* 5: the most (LONG) */
    ERROR_ID_JSON_TOO_LONG,      /* 5: characters (LONG) */
    ERROR_ID_JSON_ENDLESS,       /* 5: the most items (LONG) */
    ERROR_ID_JSON_TEXT,          /* 5: line (LONG), column (LONG), what is wrong there (text) */
    ERROR_ID_NO_MESSAGE,         /* 5 */
    ERROR_ID_NO_DICTIONARY,      /* 429 */
    ERROR_ID_OUT_OF_MEMORY,      /* E_OUTOFMEMORY */
    ERROR_ID_NULL_POINTER,       /* E_POINTER */
    ERROR_ID_NO_APARTMENT,       /* CO_E_NOTINITIALIZED */
    ERROR_ID_NO_SUCH_PIPE,       /* 53 */
    ERROR_ID_NO_PIPE_LIST,       /* the HRESULT of ERROR_BAD_DEV_TYPE */
    ERROR_ID_ACCESS_DENIED,      /* 70 */
    ERROR_ID_READ_ONLY,          /* 70 */
    ERROR_ID_WRITE_ONLY,         /* 70 */
    ERROR_ID_NOT_CONNECTED,
    ERROR_ID_NO_ANSWER,       /* NotConnected */
    ERROR_ID_CALL_ENDED,      /* NotConnected */
    ERROR_ID_NOT_TAKEN,       /* NotConnected */
    ERROR_ID_SEND_QUEUE_FULL, /* the event that tells of room (text) */
    ERROR_ID_NAME_IN_USE,
    ERROR_ID_NAME_HELD,
    ERROR_ID_TIMED_OUT,
    ERROR_ID_TAKEN_BACK,  /* TimedOut */
    ERROR_ID_ANSWER_LATE, /* TimedOut */
    ERROR_ID_STOP_WAITS,  /* TimedOut */
    ERROR_ID_PIPE_BUSY,   /* TimedOut */
    ERROR_ID_MESSAGE_TOO_LONG,
    ERROR_ID_BAD_FRAME,
    ERROR_ID_NO_MESSAGES,
    ERROR_ID_NOT_SENT, /* how many messages (LONG) */
    ERROR_ID_HANDLER_FAILED,
    ERROR_ID_SCRIPT_REPORTED /* SCRIPT_E_REPORTED */
} error_id;

/* Sets the sentence of the calling thread and returns the HRESULT. The source of the sentence is the class
 * NamedPipeServer; error_of changes that. */
HRESULT error_raise(error_id id, ...);

/* Does the same for a code of the engine: a Win32 code or one of pipe_error; never 0. */
HRESULT error_raise_code(DWORD error);

/* Does the same for the code with which a pipe of the computer `server` could not be opened: names the computer where
 * the code means that it was not found. */
HRESULT error_raise_remote(DWORD error, const WCHAR *server);

/* Does the same for an HRESULT of another function. Returns a success code as it is, and sets no sentence. */
HRESULT error_raise_hresult(HRESULT hr);

/* Does the same for an error of the consumer's own: `sentence` is its description. NULL or empty: it gave none, and the
 * sentence is the one for the HRESULT. */
HRESULT error_raise_text(HRESULT hr, const WCHAR *sentence);

/* Ends a method of the interface `dual`: if `hr` is a failure, makes the class of that interface the source of the
 * thread's sentence, and notes the error for Diagnose. Returns `hr`. `function` is the name of the method's function,
 * such as NamedPipeServer_get_PipeName; error_of takes the one that it stands in, and so must be a macro. */
HRESULT error_of_function(REFIID dual, const char *function, HRESULT hr);
#define error_of(dual, hr) error_of_function(dual, __func__, hr)

/* Takes the sentence of the calling thread, for code that passed only the HRESULT on; free it with SysFreeString. If
 * the thread has none, returns the sentence for `hr` if that is one of NamedPipeErrors. NULL: there is no sentence, or
 * memory is short. */
BSTR error_sentence(HRESULT hr);

/* Returns the Number of an error event (ClientError, ServerError, Error): the Win32 code; for a pipe_error a value of
 * NamedPipeErrors, or Visual Basic's 5 or 70; 7 if memory was short. */
LONG error_number(DWORD error);

/* Returns the Description of an error event, a sentence; free it with SysFreeString. NULL: memory is short. */
BSTR error_describe(DWORD error);
/* The same for PIPE_ERROR_NOT_SENT of so many messages. */
BSTR error_describe_not_sent(LONG messages);

/* Returns a copy of the sentence of the calling thread, which keeps it; free it with SysFreeString. NULL: there is
 * none, or memory is short. */
BSTR error_copy_sentence(void);

/* error_take takes the sentence of the calling thread away, and error_put_back puts it back; NULL: there is none. Use
 * them after a failure around calls of the consumer's objects, Release too: a call through a proxy clears the
 * sentence. */
IErrorInfo *error_take(void);
void error_put_back(IErrorInfo *sentence);

/* Clears the sentence of the calling thread. Call it before code whose sentence is to be looked at afterwards. */
void error_clear(void);

#endif
