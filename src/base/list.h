/* list.h: doubly linked lists whose links are fields of what they hold.
 *
 * A link is in one list or in none; list_remove of one that is in none does nothing. Nothing here locks or
 * allocates. */

#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/check.h"

typedef struct list_link list_link;
struct list_link
{
    list_link *next, *previous; /* NULL: in no list */
};

typedef struct list
{
    list_link head;
} list;

static inline void list_init(list *l)
{
    l->head.next = l->head.previous = &l->head;
}

static inline bool list_empty(const list *l)
{
    return l->head.next == &l->head;
}

static inline bool list_linked(const list_link *link)
{
    return link->next != NULL;
}

/* The first link; NULL where there is none. */
static inline list_link *list_first(const list *l)
{
    return list_empty(l) ? NULL : l->head.next;
}

/* The one behind `link`; NULL at the end. */
static inline list_link *list_next(const list *l, const list_link *link)
{
    return link->next == &l->head ? NULL : link->next;
}

static inline list_link *list_last(const list *l)
{
    return list_empty(l) ? NULL : l->head.previous;
}

static inline list_link *list_previous(const list *l, const list_link *link)
{
    return link->previous == &l->head ? NULL : link->previous;
}

static inline void list_insert_after(list_link *place, list_link *link)
{
    CHECK(!link->next);
    link->previous = place;
    link->next = place->next;
    place->next->previous = link;
    place->next = link;
}

static inline void list_append(list *l, list_link *link)
{
    list_insert_after(l->head.previous, link);
}

static inline void list_remove(list_link *link)
{
    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->next = link->previous = NULL;
}

static inline list_link *list_take_first(list *l)
{
    list_link *link = list_first(l);

    if (link)
        list_remove(link);
    return link;
}

/* Appends all of `from` to `to`, in order; `from` is empty afterwards. */
static inline void list_move_all(list *from, list *to)
{
    list_link *link;

    while ((link = list_take_first(from)) != NULL)
        list_append(to, link);
}

#endif
