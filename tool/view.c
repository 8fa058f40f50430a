#include "tool/view.h"

#include "tool/escape.h"
#include "tool/hex.h"
#include "tool/line.h"

/* How many bytes to show: not the beginning of a character alone. */
static size_t part_of(const BYTE *data, size_t size, size_t limit)
{
    size_t part = limit;

    if (!limit || size <= limit)
        return size;
    while (part > 0 && limit - part < 3 && (data[part] & 0xC0) == 0x80)
        part--;
    return part;
}

void view_message(text_builder *b, const options *o, const BYTE *data, size_t size, size_t limit, bool size_is_told)
{
    bool as_hex = o->hex || o->dump;
    size_t part = part_of(data, size, limit);

    if (as_hex && part > 0)
    {
        line_text(b, L"\r\n");
        hex_dump(b, data, part);
    }
    else
        escape_append(b, data, part, ESCAPE_LINE_ENDS);
    if (part == size)
        return;
    line_text(b, as_hex ? L"\r\n... (" : L" ... (");
    if (!size_is_told)
    {
        line_number(b, size);
        line_text(b, L" bytes; ");
    }
    line_text(b, L"--limit 0 shows all)");
}
