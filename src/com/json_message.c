#include "com/json_message.h"

#include "com/json_writer.h"
#include "com/text.h"

HRESULT json_message_create(const VARIANT *value, framing of, payload **out)
{
    byte_view bytes;
    BSTR text;
    HRESULT hr;

    *out = NULL;
    hr = json_write_text(value, 0, &text);
    if (FAILED(hr))
        return hr;
    hr = text_encode(text, 65001, &bytes);
    SysFreeString(text);
    return SUCCEEDED(hr) ? bytes_pack(&bytes, of, out) : hr;
}
