/* bytes.h: the bytes in a VARIANT, and VARIANTs and arrays made of bytes. Any thread that may use the VARIANT.
 * Functions that return an HRESULT set the error's sentence when they fail. */

#ifndef COM_BYTES_H
#define COM_BYTES_H

#include "com/com.h"

#include "pipe/pipe.h"

/* A view of bytes in a value of the consumer, or a copy of them. The value must not change until bytes_free, so a view
 * lasts for one call at most. */
typedef struct byte_view
{
    const void *data;
    DWORD size;        /* bytes; 0: nothing to send */
    void *copy;        /* owned; NULL: a view */
    bool is_utf16;     /* a text as UTF-16 */
    SAFEARRAY *locked; /* bytes_free unlocks this array; or NULL */
} byte_view;

/* Finds the bytes of a parameter `Data`. It may be an array of bytes (with any lower bound), a String (its UTF-16
 * bytes), an array of Variants, integers, Singles or Doubles with whole values from 0 to 255, or an object with such
 * items (byte_items.h); a Variant may also hold a Currency or a Decimal. Each may be a reference, up to 16 levels deep.
 * Nothing to send: Empty, an empty string, an empty or uninitialized array, an object without items. Anything else is
 * DISP_E_TYPEMISMATCH; then *out is empty. Bytes and strings are not copied. Call bytes_free afterwards. */
HRESULT bytes_from_variant(const VARIANT *value, byte_view *out);

/* Returns whether bytes_from_variant runs the consumer's code for this value: call it then with no lock held, and look
 * at nothing of the consumer's afterwards that is not held or copied. */
bool bytes_come_from_object(const VARIANT *value);

void bytes_free(byte_view *b);

/* Copies the bytes into a payload, with the mark of the framing `of`. Use it in every call in which the consumer's code
 * may run before the bytes are sent (AddRef of a Cookie, a wait that pumps messages): that code may change or free the
 * value. Frees the view in any case. *out is NULL unless S_OK. Text as UTF-16 is error 5 if an LF ends a message, since
 * the halves of its characters may be LF. */
HRESULT bytes_pack(byte_view *b, framing of, payload **out);

/* Makes the message of the bytes of a value, with the mark of the framing `of`. *out is NULL unless S_OK, and if there
 * is nothing to send. */
HRESULT bytes_message_create(const VARIANT *value, framing of, payload **out);

/* Returns a zero-based array of VT_UI1, or NULL if memory is short. For size 0 its UBound is -1. */
SAFEARRAY *bytes_to_array(const void *data, DWORD size);

/* Gives a zero-based array of Variants, each a VT_UI1: VBScript can index such an array. */
HRESULT bytes_to_variants(const void *data, DWORD size, VARIANT *out);

#endif
