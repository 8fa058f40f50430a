/* consumer_object.h: an object of the consumer's, as a Cookie or a sink is one: an IDispatch that belongs to an
 * apartment, or an agile one. */

#ifndef SUPPORT_COM_CONSUMER_OBJECT_H
#define SUPPORT_COM_CONSUMER_OBJECT_H

#include "support/com/dispatch_stub.h"

#include <atomic>
#include <functional>
#include <memory>

/* What became of one, which outlives it. */
struct object_fate
{
    std::atomic<LONG> references{0};
    std::atomic<DWORD> released_on{0}; /* thread of the last Release; 0: it lives */
    std::atomic<DWORD> called_on{0};   /* thread of the last Invoke */
    std::atomic<LONG> calls{0};
    DISPID last_dispid = 0;
    std::function<void()> when_touched; /* runs once, inside the next AddRef or QueryInterface */

    bool is_gone() const
    {
        return released_on != 0;
    }
};

/* An object with one reference. `events` is a dispinterface that it answers for too, or GUID_NULL. */
com_ptr<IDispatch> make_consumer_object(std::shared_ptr<object_fate> fate, agility how = agility::bound,
                                        REFIID events = GUID_NULL);

/* One that answers for nothing but IUnknown. */
com_ptr<IUnknown> make_plain_unknown();

#endif
