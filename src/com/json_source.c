#include "com/json_source.h"

static HRESULT list_next(json_source *s, json_item *out)
{
    out->name = NULL;
    return item_list_next(&s->list, &out->value);
}

static void list_close(json_source *s)
{
    item_list_close(&s->list);
}

const json_source_kind json_list_kind = {.is_asked = true, .next = list_next, .close = list_close};

void json_source_close(json_source *s)
{
    if (s->kind)
        s->kind->close(s);
    s->kind = NULL;
    VariantClear(&s->kept); /* last, since an array in it is unlocked now */
}
