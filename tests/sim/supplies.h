/* supplies.h: what an owner gives its engines: read buffers, and cookies for its messages. Both are counted. */

#ifndef SIM_SUPPLIES_H
#define SIM_SUPPLIES_H

#include "pipe/pipe.h"

typedef struct supplies
{
    buffer_source buffers;
    int buffers_out, cookies;
    size_t bytes_out; /* of all buffers */
} supplies;

/* A cookie tells which message of its connection it came with. */
typedef struct cookie
{
    supplies *of;
    DWORD number;
    bool reads;   /* it is of a request to read */
    bool reports; /* it is of a report that a handler has failed; the number is that of the report */
} cookie;

void supplies_begin(supplies *s);
/* Every buffer and every cookie must have come back. */
void supplies_end(const supplies *s);

cookie *cookie_create(supplies *s, DWORD number);
/* Frees a cookie that an engine did not take. */
void cookie_take_back(cookie *c);
/* For engine_owner.cookie_free. */
void cookie_free(void *c);

#endif
