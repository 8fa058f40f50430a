/* names.h: which of an object's members have the same name. Any thread may call everything here. */

#ifndef JSON_NAMES_H
#define JSON_NAMES_H

#include "base/win32.h"

typedef struct member_name
{
    const WCHAR *text; /* may be NULL if `length` is 0 */
    size_t length;
    unsigned place;    /* in the order of the text */
    bool is_overruled; /* a later member has the same name */
} member_name;

/* Sets `is_overruled` of all, and sorts them by `place`, as they were before; `scratch` has room for `count` names,
 * too. Names are sorted for that, since a peer that knows how they are hashed could make all of them fall together. */
void member_names_judge(member_name *names, member_name *scratch, unsigned count);

#endif
