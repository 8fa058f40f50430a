/* error.h: what callers are told when a call fails: an HRESULT and a sentence that says what to do.
 *
 * A failing method ends with `return error_raise(...)`: the sentence is set last, since calls through proxies clear
 * it, and belongs to the calling thread. Numbers: Visual Basic's own where it has them (0x800A0000 + n; 7 is
 * E_OUTOFMEMORY, 13 DISP_E_TYPEMISMATCH), else NamedPipeErrors. */

#ifndef COM_ERROR_H
#define COM_ERROR_H

#include "com/com.h"

#define VB_ERROR(n) ((HRESULT)(0x800A0000L + (n)))

/* The arguments that a sentence takes stand behind it: LONG, or const WCHAR * for text. */
typedef enum error_id
{
    ERROR_ID_NO_PIPE_NAME,       /* 5 */
    ERROR_ID_BAD_PIPE_NAME,      /* 5: parameter (text), the name (text) */
    ERROR_ID_BAD_SERVER_NAME,    /* 5: the name (text) */
    ERROR_ID_BAD_PATTERN,        /* 5: the pattern (text) */
    ERROR_ID_TWO_SERVERS,        /* 5: the pipe's name in full, the computer's (text) */
    ERROR_ID_NO_PORT,            /* 5 */
    ERROR_ID_OUT_OF_RANGE,       /* 5: property (text), value (LONG), what to give (text, such as "1 to 64") */
    ERROR_ID_TIMEOUT_RANGE,      /* 5: parameter (text), value (LONG) */
    ERROR_ID_CODE_PAGE,          /* 5: the code page (LONG) */
    ERROR_ID_WRONG_THREAD,       /* 5: method (text) */
    ERROR_ID_INSIDE_HANDLER,     /* 5: method (text) */
    ERROR_ID_NO_EVENT_METHODS,   /* 5: such a method (text) */
    ERROR_ID_NO_ITEM,            /* 9: index (LONG), count (LONG) */
    ERROR_ID_WRONG_DATA,         /* 13 */
    ERROR_ID_WRONG_ELEMENT_TYPE, /* 13: index (LONG) */
    ERROR_ID_WRONG_ELEMENT,      /* 13: index (LONG), value (LONG) */
    ERROR_ID_DIMENSIONS,         /* 13: how many (LONG) */
    ERROR_ID_ARRAY_IN_USE,       /* 13 */
    ERROR_ID_OUT_OF_MEMORY,      /* E_OUTOFMEMORY */
    ERROR_ID_NULL_POINTER,       /* E_POINTER */
    ERROR_ID_NO_APARTMENT,       /* CO_E_NOTINITIALIZED */
    ERROR_ID_NO_SUCH_PIPE,       /* 53 */
    ERROR_ID_ACCESS_DENIED,      /* 70 */
    ERROR_ID_READ_ONLY,          /* 70 */
    ERROR_ID_WRITE_ONLY,         /* 70 */
    ERROR_ID_NOT_CONNECTED,
    ERROR_ID_NO_ANSWER,       /* NotConnected */
    ERROR_ID_SEND_QUEUE_FULL, /* the event that tells of room (text) */
    ERROR_ID_NAME_IN_USE,
    ERROR_ID_NAME_HELD,
    ERROR_ID_TIMED_OUT,
    ERROR_ID_STOP_WAITS, /* TimedOut */
    ERROR_ID_PIPE_BUSY,  /* TimedOut */
    ERROR_ID_MESSAGE_TOO_LONG
} error_id;

/* Sets the sentence for the calling thread and returns the HRESULT. Its source is NamedPipeServer: see error_of. */
HRESULT error_raise(error_id id, ...);

/* The same for a code of the engine: a Win32 code or one of pipe_error; never 0. */
HRESULT error_raise_code(DWORD error);

/* The same for an HRESULT that came from elsewhere; S_OK and its like are returned as they are. */
HRESULT error_raise_hresult(HRESULT hr);

/* Ends a method of the interface `dual`: where `hr` is a failure, the class of that interface becomes the source of the
 * thread's sentence. Returns `hr`. */
HRESULT error_of(REFIID dual, HRESULT hr);

/* The sentence that the calling thread has, for those whose HRESULT alone is handed on; freed with SysFreeString. Where
 * it has none, that of NamedPipeErrors for `hr`. NULL where there is none either, and without memory. */
BSTR error_sentence(HRESULT hr);

/* For events (ClientError, ServerError). The Number: the Win32 code, or a value of NamedPipeErrors for a condition
 * of ours, or 7 where memory was missing. */
LONG error_number(DWORD error);

/* The Description: a sentence, freed with SysFreeString; NULL without memory. */
BSTR error_describe(DWORD error);

/* Forgets the calling thread's sentence, as a method does that is about to begin. */
void error_clear(void);

#endif
