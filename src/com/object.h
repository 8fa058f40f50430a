/* object.h: what every COM object of this module has: identity, reference count, interfaces, error and class
 * information, the free-threaded marshaler.
 *
 * Any thread may call everything here. An `object` is the first field of the structure that it belongs to. The
 * interfaces of an object never change, as the rules of QueryInterface demand. */

#ifndef COM_OBJECT_H
#define COM_OBJECT_H

#include "com/com.h"

typedef struct object object;

/* An interface of an object: its IID, and the offset of its field from the `object`, in bytes. */
typedef struct object_interface
{
    const IID *iid;
    size_t offset;
} object_interface;

/* What all objects of one kind share; static. QueryInterface answers IUnknown with the first interface. If there is a
 * dual interface, it is the first and answers IDispatch, too. Every object also has IMarshal and IAgileObject; with a
 * dual interface it has ISupportErrorInfo; with a coclass, IProvideClassInfo and IProvideClassInfo2. */
typedef struct object_kind
{
    const IID *dual;                    /* the dual interface, or NULL */
    const CLSID *coclass;               /* or NULL */
    const IID *events;                  /* the default source dispinterface, or NULL */
    const object_interface *interfaces; /* ends with {NULL, 0} */
    /* Called after the last reference was released, on that thread. Releases what the object holds, calls object_fini
     * and frees the memory: at once, or later if the memory has another count. References that are taken and released
     * meanwhile do not count. */
    void (*destroy)(object *o);
    /* Of an object whose memory has another count: hold and release the memory for a call; see object_begin_call. NULL:
     * a call holds the object itself. */
    void (*begin_call)(object *o);
    void (*end_call)(object *o);
} object_kind;

struct object
{
    ISupportErrorInfo ISupportErrorInfo_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    const object_kind *kind;
    LONG references;     /* Interlocked; 0 and below: `destroy` was called */
    IUnknown *marshaler; /* Interlocked; NULL until it is first needed */
};

/* Initializes an object in zeroed memory, with one reference. The object keeps the DLL loaded until object_fini. */
void object_init(object *o, const object_kind *kind);
void object_fini(object *o);

HRESULT object_query_interface(object *o, REFIID riid, void **out);
ULONG object_add_ref(object *o);
ULONG object_release(object *o);

/* Takes a reference by a pointer that holds none. False: the last reference was released. The caller makes sure that
 * the memory is still there. */
bool object_try_hold(object *o);

/* Keep the object's memory while the consumer's code may run ahead of a method that then begins: that code may release
 * the last reference. Where memory and object have counts of their own, `destroy` is called all the same, and the
 * method finds the object at its end; otherwise `destroy` waits for object_end_call. */
void object_begin_call(object *o);
void object_end_call(object *o);

/* Returns the object's IUnknown, without a reference. */
IUnknown *object_identity(object *o);

/* Answers QueryInterface of `outer` for IAgileObject, and for IMarshal with the free-threaded marshaler. The first call
 * makes the marshaler and stores it in *slot; the owner of the slot releases it. E_NOINTERFACE for other interfaces.
 * Call it directly for a COM identity that is no `object`. */
HRESULT object_query_agile(IUnknown **slot, IUnknown *outer, REFIID riid, void **out);

#endif
