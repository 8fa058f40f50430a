#include "deliver/handles.h"

void handles_init(handles *t)
{
    for (unsigned i = 0; i < HANDLE_BUCKETS; i++)
        list_init(&t->living[i]);
}

/* Handles are multiples of 4. */
static list *bucket_of(handles *t, HANDLE handle)
{
    return &t->living[((ULONG_PTR)handle >> 2) % HANDLE_BUCKETS];
}

static lane *find_newest(handles *t, HANDLE handle)
{
    list *bucket = bucket_of(t, handle);

    for (list_link *link = list_last(bucket); link; link = list_previous(bucket, link))
    {
        lane *l = CONTAINER_OF(link, lane, living);

        if (l->handle == handle)
            return l;
    }
    return NULL;
}

void handles_begin(handles *t, lane *l)
{
    if (!l->handle || list_linked(&l->living))
        return;
    l->before = find_newest(t, l->handle);
    if (l->before)
        l->before->behind = l;
    list_append(bucket_of(t, l->handle), &l->living);
}

lane *handles_restore(handles *t, lane *l)
{
    list *bucket = bucket_of(t, l->handle);

    if (!l->handle || list_linked(&l->living))
        return NULL;
    for (list_link *link = list_first(bucket); link && !l->behind; link = list_next(bucket, link))
        if (CONTAINER_OF(link, lane, living)->handle == l->handle)
            l->behind = CONTAINER_OF(link, lane, living);
    if (l->behind)
        l->behind->before = l;
    list_insert_after(&bucket->head, &l->living);
    return l->behind;
}

bool handles_end(lane *l, lane **behind)
{
    lane *before = l->before;

    *behind = l->behind;
    if (!list_linked(&l->living))
        return false;
    list_remove(&l->living);
    l->before = l->behind = NULL;
    if (before)
        before->behind = *behind;
    if (*behind)
        (*behind)->before = before;
    return true;
}
