/* object.h: what every object of ours shares: identity, count, interfaces, error and class information, the
 * free-threaded marshaler.
 *
 * Any thread. An `object` is the first field of what it belongs to. Its interfaces never change (COM's rules of
 * QueryInterface). */

#ifndef COM_OBJECT_H
#define COM_OBJECT_H

#include "com/com.h"

typedef struct object object;

/* An interface of an object: its IID and where the field lies, counted from the `object`. */
typedef struct object_interface
{
    const IID *iid;
    size_t offset;
} object_interface;

/* What all objects of one kind share; static. Its first interface answers for IUnknown, and for IDispatch where
 * there is a dual interface (then it is the dual). Besides, an object answers for IMarshal and IAgileObject; a dual
 * one for ISupportErrorInfo; one with a coclass for IProvideClassInfo and IProvideClassInfo2. */
typedef struct object_kind
{
    const IID *dual;                    /* the dual interface, or NULL */
    const CLSID *coclass;               /* or NULL */
    const IID *events;                  /* the default source dispinterface, or NULL */
    const object_interface *interfaces; /* ends with {NULL, 0} */
    /* The last reference is gone: frees what the object holds, then calls object_fini, then frees the memory.
     * References that are taken and released meanwhile count no more. On the thread of the last Release. */
    void (*destroy)(object *o);
} object_kind;

struct object
{
    ISupportErrorInfo ISupportErrorInfo_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    const object_kind *kind;
    LONG references;     /* Interlocked; 0 and below: being destroyed */
    IUnknown *marshaler; /* Interlocked; made when it is first asked for */
};

/* Makes the object, with one reference; it counts for the module until object_fini. The memory is zero before. */
void object_init(object *o, const object_kind *kind);
void object_fini(object *o);

HRESULT object_query_interface(object *o, REFIID riid, void **out);
ULONG object_add_ref(object *o);
ULONG object_release(object *o);

/* Adds a reference unless the last one is gone: for pointers that hold none. The caller sees to it that the memory
 * is still there. */
bool object_try_hold(object *o);

/* The pointer that IUnknown stands for; no reference. */
IUnknown *object_identity(object *o);

/* Answers for IMarshal and IAgileObject on behalf of `outer`: by the free-threaded marshaler, which is made at first
 * and kept in *slot (released by whoever owns the slot). E_NOINTERFACE for other interfaces. For identities that are
 * no `object`. */
HRESULT object_query_agile(IUnknown **slot, IUnknown *outer, REFIID riid, void **out);

#endif
