#include "com/json_source.h"

void json_source_close(json_source *s)
{
    if (s->kind)
        s->kind->close(s);
    s->kind = NULL;
    VariantClear(&s->kept); /* last, since an array in it is unlocked now */
}
