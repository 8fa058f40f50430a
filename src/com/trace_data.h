/* trace_data.h: the beginning of a message in one line of text. Any thread. */

#ifndef COM_TRACE_DATA_H
#define COM_TRACE_DATA_H

#include "com/com.h"

enum
{
    TRACE_DATA_BYTES = 64, /* so many bytes of a message are shown */
    TRACE_DATA_SIZE = 224  /* characters that they need at most, with the end */
};

/* Writes the first bytes: as text in quotes, with \r, \n, \t, \" and \\, if they are UTF-8 without other control
 * characters and without such as nobody sees; else as hexadecimal numbers. A character that the cut has left incomplete
 * is not shown. Three dots follow what is longer. */
void trace_data_describe(const void *data, DWORD size, WCHAR out[TRACE_DATA_SIZE]);

#endif
