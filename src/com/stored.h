/* stored.h: a value of the consumer, stored across apartments: a Cookie or CustomData.
 *
 * Objects that are bound to an apartment, in arrays too, are stored in the Global Interface Table. The apartment in
 * which the value was stored is its home; objects that are bound to the home are released there. Any thread may call
 * everything here, but with no lock held: the consumer's code may run. NULL is a stored Empty, in every function. */

#ifndef COM_STORED_H
#define COM_STORED_H

#include "com/com.h"

typedef struct stored stored;

/* Copies the value and follows references in it. Call it in the value's apartment. *out has one reference; it is NULL
 * for Empty, for a missing argument, and unless S_OK. If objects are in the value, the thread needs an apartment
 * (otherwise CO_E_NOTINITIALIZED), and in an STA the home has the thread's window (thread_window.h). Failures set the
 * error's sentence. */
HRESULT stored_create(const VARIANT *value, stored **out);

/* Takes one more reference, for another owner: each recipient of a broadcast, a thread that reads CustomData while
 * another thread changes it. */
stored *stored_hold(stored *h);

/* Releases a reference. The last one frees plain values and agile objects at once. It releases other objects at home:
 * by a task of the home's window if this is another thread. If the home's thread has ended, its objects have ended with
 * it. */
void stored_release(stored *h);

/* Gives a copy to the calling apartment; clear it with VariantClear. If the home of an object has ended, Nothing stands
 * in its place. *out need not be initialized. */
HRESULT stored_get(stored *h, VARIANT *out);

#endif
