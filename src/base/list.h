/* list.h: doubly linked lists. A link is a field of the structure that the list holds.
 *
 * A link is in one list or in none. Nothing here locks or allocates: the caller sees to it that one thread at a time
 * uses a list. */

#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/check.h"

typedef struct list_link list_link;
struct list_link
{
    list_link *next, *previous; /* both NULL: the link is in no list */
};

typedef struct list
{
    list_link head;
} list;

/* Makes `l` an empty list. A link is initialized by setting it to zero. */
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

/* Returns the first link, or NULL if the list is empty. */
static inline list_link *list_first(const list *l)
{
    return list_empty(l) ? NULL : l->head.next;
}

/* Returns the link after `link`, or NULL if `link` is the last. */
static inline list_link *list_next(const list *l, const list_link *link)
{
    return link->next == &l->head ? NULL : link->next;
}

/* Returns the last link, or NULL if the list is empty. */
static inline list_link *list_last(const list *l)
{
    return list_empty(l) ? NULL : l->head.previous;
}

/* Returns the link before `link`, or NULL if `link` is the first. */
static inline list_link *list_previous(const list *l, const list_link *link)
{
    return link->previous == &l->head ? NULL : link->previous;
}

/* Inserts `link`, which is in no list, after `place`. To insert it as the first, pass the list's `head` as `place`. */
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

/* Removes `link` from its list. Does nothing if `link` is in no list. */
static inline void list_remove(list_link *link)
{
    if (!link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->next = link->previous = NULL;
}

/* Removes the first link and returns it, or NULL if the list is empty. */
static inline list_link *list_take_first(list *l)
{
    list_link *link = list_first(l);

    if (link)
        list_remove(link);
    return link;
}

/* Moves all links of `from` to the end of `to`, in order. `from` is empty afterwards. */
static inline void list_move_all(list *from, list *to)
{
    list_link *link;

    while ((link = list_take_first(from)) != NULL)
        list_append(to, link);
}

#endif
