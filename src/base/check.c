#include "base/check.h"

#include "base/trace.h"

#define LINE 256 /* characters */

static void append(WCHAR *line, size_t *length, const char *text)
{
    while (*text && *length < LINE - 1)
        line[(*length)++] = (WCHAR)*text++;
    line[*length] = 0;
}

/* check_failed must not allocate memory, take a lock or fail. */
NO_RETURN void check_failed(const char *function, const char *condition)
{
    WCHAR line[LINE];
    size_t length = 0;

    append(line, &length, function);
    append(line, &length, ": this does not hold: ");
    append(line, &length, condition);
    trace(line);
    RaiseFailFastException(NULL, NULL, 0); /* Windows 7 has it too; it asks no exception handler */
    FAIL_FAST();
}
