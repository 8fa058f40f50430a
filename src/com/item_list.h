/* item_list.h: the items of an object of the consumer, such as an array of a script or a collection, one after the
 * other.
 *
 * Call everything here on a thread that may call the object, with no lock held: the consumer's code runs. It may change
 * the list and release the object, which stays until item_list_close. Failures set the error's sentence: the object's
 * own, if it gave one. */

#ifndef COM_ITEM_LIST_H
#define COM_ITEM_LIST_H

#include "com/target.h"

#define ITEMS_MOST 16777216 /* items that are taken of objects: an enumerator may have no end */

typedef struct item_list
{
    IEnumVARIANT *enumerator; /* held; NULL: the items are asked for */
    target target;            /* of items that are asked for */
    DISPID item;              /* of Item, which takes an index; DISPID_UNKNOWN: the items are members named 0, 1, ... */
    LONG base;                /* the first index of Item */
    double count, at;         /* of items that are asked for */
    VARIANT value;
} item_list;

/* Opens an array of a script: an object with IDispatchEx and `length`, if `length` is not merely one of its enumerable
 * members. Takes the target over, which is empty then. S_FALSE: it is none. */
HRESULT item_list_open_script(target *t, item_list *out);

/* Opens the object's enumerator (For Each). S_FALSE: there is none. */
HRESULT item_list_open_enumerator(const target *t, item_list *out);

/* Opens an object with `length` or Count, whose items are asked for by an index, from 0 on, or from 1 on if there is no
 * item 0; or one of a script with `length` and members named 0, 1, ... Takes the target over. S_FALSE: it is none. */
HRESULT item_list_open_indexed(target *t, item_list *out);

/* Gives the next item, which stays until the next call; Empty for an element of a script's array that was left out.
 * S_FALSE: there are no more. The items that are asked for are as many as there were at the opening. */
HRESULT item_list_next(item_list *l, const VARIANT **out);

void item_list_close(item_list *l);

#endif
