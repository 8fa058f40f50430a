/* conversion.h: the members of a server and of a client manager that convert bytes to text and values to JSON, and
 * back. Any thread may call everything here, those for JSON with no lock held (json.h). Failures set the error's
 * sentence. */

#ifndef COM_CONVERSION_H
#define COM_CONVERSION_H

#include "com/com.h"

HRESULT conversion_bytes_to_text(const VARIANT *value, LONG code_page, BSTR *text);
HRESULT conversion_text_to_bytes(BSTR text, LONG code_page, SAFEARRAY **out);
HRESULT conversion_bytes_to_array(const VARIANT *value, VARIANT *elements);
HRESULT conversion_to_json(const VARIANT *value, LONG indent, BSTR *text);
HRESULT conversion_from_json(BSTR text, VARIANT *value);

/* Defines these members for the class `Class`, whose file includes error.h. */
#define FORWARD_CONVERSION(Class, Interface)                                                                           \
    static HRESULT STDMETHODCALLTYPE Class##_BytesToText(Interface *iface, VARIANT value, LONG code_page, BSTR *text)  \
    {                                                                                                                  \
        (void)iface;                                                                                                   \
        return error_of(&IID_##Interface, conversion_bytes_to_text(&value, code_page, text));                          \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_TextToBytes(Interface *iface, BSTR text, LONG code_page, SAFEARRAY **out) \
    {                                                                                                                  \
        (void)iface;                                                                                                   \
        return error_of(&IID_##Interface, conversion_text_to_bytes(text, code_page, out));                             \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_BytesToArray(Interface *iface, VARIANT value, VARIANT *out)               \
    {                                                                                                                  \
        (void)iface;                                                                                                   \
        return error_of(&IID_##Interface, conversion_bytes_to_array(&value, out));                                     \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_ToJson(Interface *iface, VARIANT value, LONG indent, BSTR *text)          \
    {                                                                                                                  \
        (void)iface;                                                                                                   \
        return error_of(&IID_##Interface, conversion_to_json(&value, indent, text));                                   \
    }                                                                                                                  \
                                                                                                                       \
    static HRESULT STDMETHODCALLTYPE Class##_FromJson(Interface *iface, BSTR text, VARIANT *value)                     \
    {                                                                                                                  \
        (void)iface;                                                                                                   \
        return error_of(&IID_##Interface, conversion_from_json(text, value));                                          \
    }

#endif
