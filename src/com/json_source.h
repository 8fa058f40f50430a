/* json_source.h: an array or object of the consumer that is being written as JSON: it gives one element or member after
 * the other. So what is nested needs no function that calls itself.
 *
 * Call everything here on the thread of the conversion, with no lock held: the consumer's code may run. It may change
 * what is enumerated; whatever a source still needs is locked or held. Failures set the error's sentence. */

#ifndef COM_JSON_SOURCE_H
#define COM_JSON_SOURCE_H

#include "com/item_list.h"

typedef struct json_source json_source;

/* What a source has given. It stays until the next call of the source. */
typedef struct json_item
{
    const VARIANT *name;  /* of an object's member; NULL: an element of an array */
    const VARIANT *value; /* NULL: a row; json_array_open_row opens it */
} json_item;

typedef struct json_source_kind
{
    bool is_object;
    bool is_asked; /* the consumer's code gives each item, and may never come to an end */
    HRESULT (*next)(json_source *s, json_item *out); /* S_FALSE: there are no more */
    void (*close)(json_source *s);
} json_source_kind;

/* An array, or a row of one. */
typedef struct json_array
{
    SAFEARRAY *locked; /* NULL for a row: the array stays locked meanwhile */
    VARTYPE vt;
    char *data;
    ULONG count, at;
    size_t step;     /* bytes from one element to the next */
    bool has_rows;   /* two dimensions: the elements are rows */
    ULONG columns;   /* of a row */
    size_t row_step; /* bytes from one element of a row to the next */
    VARIANT element; /* a reference to the element */
} json_array;

/* An object with members. */
typedef struct json_members
{
    target target;
    DISPID item;     /* of a dictionary: its Item */
    SAFEARRAY *keys; /* of a dictionary: its keys, owned */
    VARTYPE key_type;
    ULONG count;   /* of members so far */
    DISPID last;   /* of an object of a script: the last member */
    DISPID is_own; /* of an object of a script: its hasOwnProperty; or DISPID_UNKNOWN */
    VARIANT name, value;
} json_members;

struct json_source
{
    const json_source_kind *kind; /* NULL: it is no array or object, but stands for the value `kept` */
    VARIANT kept;                 /* owned until the source is closed */
    union
    {
        json_array array;
        json_members members;
        item_list list;
    };
};

/* An object with elements, in `list`. */
extern const json_source_kind json_list_kind;

/* Closes a source, whose `kind` may be NULL. */
void json_source_close(json_source *s);

#endif
