/* calling.h: what the Calls of a manager and of a connection, and a manager's Sends, have in common: how the message is
 * made of what the consumer gives, how the answer is given back, and the wait. Any thread that may use the consumer's
 * values.
 *
 * The consumer's code may run in each of these calls, and may release the object that was called: the caller holds what
 * `perform` needs. What the consumer gave is not looked at any more when `perform` begins. Failures set the error's
 * sentence. */

#ifndef COM_CALLING_H
#define COM_CALLING_H

#include "com/com.h"

#include "pipe/pipe.h"

/* One Call; a field of what its kind needs besides. */
typedef struct calling calling;
struct calling
{
    framing framing; /* of the message */
    /* Sends the message and waits for the answer, an array of bytes; *answer is set if S_OK. NULL for Send: no
     * answer is wanted. */
    HRESULT (*perform)(calling *c, payload *message, SAFEARRAY **answer);
};

/* Call, CallText and CallJson: free *answer with SafeArrayDestroy, SysFreeString or VariantClear. It is set if S_OK;
 * the caller has set it to NULL, or to Empty. A pointer that is NULL is E_POINTER. */
HRESULT calling_bytes(calling *c, const VARIANT *data, SAFEARRAY **answer);
HRESULT calling_text(calling *c, BSTR text, LONG code_page, BSTR *answer);
HRESULT calling_json(calling *c, const VARIANT *value, VARIANT *answer);

/* Send, SendText and SendJson. */
HRESULT calling_send_bytes(calling *c, const VARIANT *data);
HRESULT calling_send_text(calling *c, BSTR text, LONG code_page);
HRESULT calling_send_json(calling *c, const VARIANT *value);

/* Gives the `bytes` of an answer away, as an array that the caller frees with SafeArrayDestroy: the buffer's own or,
 * where they fill little of it, a copy, since consumers keep answers. The buffer, one of `s`, is gone then. */
SAFEARRAY *calling_answer(buffer_source *s, buffer *b, DWORD bytes);

/* Waits for a handle, as exchange.h and connection_ask ask for it: an STA dispatches messages meanwhile. */
DWORD calling_wait(void *context, HANDLE handle, DWORD ms);

#endif
