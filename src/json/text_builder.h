/* text_builder.h: text that grows. One thread at a time.
 *
 * The first failure is kept, and all that is appended afterwards is dropped: look at `state` when the text is whole,
 * and in loops that another's code could make endless. */

#ifndef JSON_TEXT_BUILDER_H
#define JSON_TEXT_BUILDER_H

#include "base/win32.h"

#define TEXT_LONGEST 268435456 /* characters */

typedef enum text_state
{
    TEXT_GOOD,
    TEXT_NO_MEMORY,
    TEXT_TOO_LONG /* it would be longer than TEXT_LONGEST */
} text_state;

typedef struct text_builder
{
    WCHAR *text; /* no NUL follows */
    size_t length, capacity;
    text_state state;
} text_builder;

/* A zeroed text_builder is empty. text_builder_fini frees the text. */
void text_builder_fini(text_builder *b);

void text_builder_add(text_builder *b, WCHAR c);
void text_builder_append(text_builder *b, const WCHAR *text, size_t length);

/* Returns room for `length` characters at the end, which the caller fills; they count as appended. NULL: a failure. */
WCHAR *text_builder_extend(text_builder *b, size_t length);

#endif
