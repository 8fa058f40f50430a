#include "messages.h"

#include "failure.h"

static BYTE byte_at(DWORD place, DWORD sender, DWORD number)
{
    return (BYTE)(place * 7 + sender * 13 + number * 31);
}

void message_fill(BYTE *data, DWORD size, DWORD sender, DWORD number)
{
    DWORD place = 0;

    if (size >= MESSAGE_HEAD)
    {
        memcpy(data, &sender, 4);
        memcpy(data + 4, &number, 4);
        place = MESSAGE_HEAD;
    }
    for (; place < size; place++)
        data[place] = byte_at(place, sender, number);
}

int message_read(const BYTE *data, DWORD size, DWORD *sender, DWORD *number)
{
    if (size < MESSAGE_HEAD)
        return 0;
    memcpy(sender, data, 4);
    memcpy(number, data + 4, 4);
    for (DWORD place = MESSAGE_HEAD; place < size; place++)
        if (data[place] != byte_at(place, *sender, *number))
            fail("message %u of sender %u, %u bytes, is changed at byte %u", *number, *sender, size, place);
    return 1;
}
