/* held.h: a consumer's value, kept across apartments: a Cookie, CustomData.
 *
 * Objects that are bound to an apartment, also those in arrays, are kept in the Global Interface Table. The
 * apartment in which the value was made is its home: what is bound there is released there. Any thread may hold, get
 * and free; no lock of ours is to be held meanwhile: the consumer's code may run. NULL is a held Empty, everywhere. */

#ifndef COM_HELD_H
#define COM_HELD_H

#include "com/com.h"

typedef struct stored stored;

/* Copies the value (by-reference ones are followed), in the apartment it belongs to. *out is NULL for Empty, for a
 * missing argument, and unless S_OK. With objects in it the thread needs an apartment (CO_E_NOTINITIALIZED); in an
 * STA its home is the thread's window (thread_window.h). Failures set the error's sentence. */
HRESULT stored_create(const VARIANT *value, stored **out);

/* A further reference, for whoever shares it (the recipients of a broadcast, a reader beside a writer of
 * CustomData). */
stored *stored_hold(stored *h);

/* Releases a reference. The last one frees plain values and agile objects at once, others in their home: by a task
 * of its window where this is another thread; never where that thread has ended. */
void stored_release(stored *h);

/* A copy for the calling apartment, cleared with VariantClear. Where an object's home has ended, Nothing stands in
 * its place. *out need not be initialised. */
HRESULT stored_get(stored *h, VARIANT *out);

#endif
