/* dictionary.h: making objects of Scripting.Dictionary. A thread with COM; each maker belongs to one thread. */

#ifndef COM_DICTIONARY_H
#define COM_DICTIONARY_H

#include "com/com.h"

/* Makes dictionaries; zeroed at first. Its factory is fetched for the first of them, and released by
 * dictionary_maker_fini. */
typedef struct dictionary_maker
{
    IClassFactory *factory;
} dictionary_maker;

/* Makes a dictionary that compares keys as bytes. `pairs` has a key and a value for each of `count` members; no key
 * comes twice, but a key that is VT_EMPTY is left out with its value. The dictionary copies them. Failures set the
 * error's sentence: 429 if this system has no such class. */
HRESULT dictionary_make(dictionary_maker *m, VARIANT *pairs, ULONG count, IDispatch **out);
void dictionary_maker_fini(dictionary_maker *m);

#endif
