/* bytes.h: the bytes in a VARIANT, and VARIANTs and arrays of bytes. Any thread that may touch the VARIANT. Failures
 * set the error's sentence. */

#ifndef COM_BYTES_H
#define COM_BYTES_H

#include "com/com.h"

#include "pipe/pipe.h"

/* A view of bytes that lie in a consumer's value, or a copy of them. The value must stay as it is until bytes_free,
 * so keep it for one call. */
typedef struct byte_view
{
    const void *data;
    DWORD size;        /* 0: nothing to send */
    void *copy;        /* freed with mem_free; NULL for a view */
    SAFEARRAY *locked; /* unlocked by bytes_free; or NULL */
} byte_view;

/* What a parameter `Data` means: an array of bytes (of any lower bound), a String (its UTF-16 bytes), an array of
 * Variant, of integers, Singles or Doubles with whole values 0 to 255; each also by reference, at any depth. Nothing to
 * send: Empty, an empty string, an empty or uninitialised array. DISP_E_TYPEMISMATCH for anything else; *out is then
 * empty. Bytes and strings are not copied. */
HRESULT bytes_from_variant(const VARIANT *value, byte_view *out);
void bytes_free(byte_view *b);

/* The bytes as a message of their own, which is not the consumer's any more; size 0 for nothing to send. For every call
 * in which something of the consumer's may run before they are sent (a Cookie's AddRef, a wait that pumps): what was
 * passed may be changed or freed by then. Ends the view in any case. *out is NULL unless S_OK. */
HRESULT bytes_pack(byte_view *b, payload **out);

/* A zero-based array of VT_UI1; NULL without memory. Also of no bytes: UBound is -1. */
SAFEARRAY *bytes_to_array(const void *data, DWORD size);

/* A zero-based array of Variant, each a VT_UI1, which VBScript can index. */
HRESULT bytes_to_variants(const void *data, DWORD size, VARIANT *out);

#endif
