#include "tool/message_text.h"

#include "tool/hex.h"
#include "tool/line.h"
#include "tool/output.h"

bool message_text_read(const WCHAR *text, size_t length, bool as_hex, bytes *out)
{
    text_builder sentence = {0};
    size_t wrong;

    if (as_hex && hex_parse(text, length, out, &wrong))
        return true;
    if (!as_hex && bytes_append_text(out, text, length))
        return true;
    if (!as_hex)
        line_text(&sentence, L"There is not enough memory for this message.");
    else
    {
        line_text(&sentence, L"With --hex a message is pairs of hexadecimal digits, such as 48 69; see character ");
        line_number(&sentence, wrong + 1);
        line_text(&sentence, L". To send text and see bytes, take --dump.");
    }
    output_complaint_of(&sentence);
    return false;
}
