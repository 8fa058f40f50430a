/* scripted_object.h: an object of the consumer whose members a test writes: what each gives when it is called. */

#ifndef SUPPORT_COM_SCRIPTED_OBJECT_H
#define SUPPORT_COM_SCRIPTED_OBJECT_H

#include "support/com/dispatch_stub.h"

#include <functional>
#include <string>
#include <vector>

struct object_script
{
    /* `argument` is the only one, or null; the result is Empty at first. */
    using call = std::function<HRESULT(const VARIANT *argument, VARIANT *result)>;
    struct member
    {
        std::wstring name;
        call what;
        bool is_enumerable = true;
    };

    std::vector<member> members;
    bool has_ex = false;             /* IDispatchEx; without it GetIDsOfNames alone */
    bool value_is_to_string = false; /* the default property is ToString, as that of every object of .NET */
    call value;                      /* the default property; none: there is none */
    std::function<HRESULT(ULONG index, VARIANT *item)>
        item;                                   /* of the enumerator; S_FALSE: the end; none: there is none */
    std::function<void(EXCEPINFO *)> exception; /* what comes with DISP_E_EXCEPTION */
};

/* An object with one reference. The script may be changed while the object lives. */
com_ptr<IDispatch> make_scripted_object(std::shared_ptr<object_script> script, reference_count references = nullptr);

/* What gives a copy of a value whenever it is called. */
object_script::call gives(const variant &value);

#endif
