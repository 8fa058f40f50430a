#include "com/failure.h"

#include "com/error.h"

#define SENTENCE_MAX 200

HRESULT failure_code(HRESULT hr, const EXCEPINFO *exception)
{
    return hr == DISP_E_EXCEPTION && exception->scode ? exception->scode : hr;
}

/* By the codes of IDispatch, and by 449 and 450 of Visual Basic. */
static bool is_about_count(HRESULT code)
{
    return code == DISP_E_BADPARAMCOUNT || code == DISP_E_PARAMNOTFOUND || code == DISP_E_PARAMNOTOPTIONAL ||
           code == VB_ERROR(449) || code == VB_ERROR(450);
}

static bool is_about_type(HRESULT code)
{
    return code == DISP_E_TYPEMISMATCH || code == DISP_E_BADVARTYPE;
}

static void add_name(WCHAR *to, const WCHAR *name)
{
    if (*to)
        lstrcatW(to, L", ");
    lstrcatW(to, name);
}

/* Names the parameters that a handler of this event must take. */
static void describe_parameters(const event_shape *shape, WCHAR sentence[SENTENCE_MAX])
{
    WCHAR names[SENTENCE_MAX] = L"";

    if (shape->connection)
        add_name(names, L"Connection");
    if (shape->cookie)
        add_name(names, L"Cookie");
    if (shape->data)
        add_name(names, L"Data");
    if (shape->error)
        add_name(names, L"Number, Description");
    if (*names)
        wsprintfW(sentence, L"the handler must take the parameters of this event: %s", names);
    else
        lstrcpyW(sentence, L"the handler must take no parameters, as this event has none");
}

/* Returns the handler's own description, or the sentence of an error of this module that the handler passed on; or
 * NULL. */
static BSTR find_sentence(HRESULT code, const EXCEPINFO *exception)
{
    if (SysStringLen(exception->bstrDescription))
        return SysAllocString(exception->bstrDescription);
    return error_sentence(code);
}

static BSTR join(BSTR said, const WCHAR *more)
{
    UINT length = SysStringLen(said);
    BSTR joined = SysAllocStringLen(NULL, length + 2 + (UINT)lstrlenW(more));

    if (joined)
    {
        lstrcpyW(joined, said);
        lstrcatW(joined, L"; ");
        lstrcatW(joined, more);
    }
    return joined;
}

BSTR failure_describe(const event_shape *shape, HRESULT hr, const EXCEPINFO *exception)
{
    HRESULT code = failure_code(hr, exception);
    BSTR said = find_sentence(code, exception), both;
    WCHAR parameters[SENTENCE_MAX];

    describe_parameters(shape, parameters);
    if (!SysStringLen(said))
    {
        SysFreeString(said);
        if (is_about_type(code)) /* the parameters, or a value in the handler: hosts do not distinguish the two */
            lstrcatW(parameters, L"; or a value in it has the wrong type");
        return SysAllocString(is_about_count(code) || is_about_type(code) ? parameters
                                                                          : L"the handler gave no description");
    }
    if (!is_about_count(code))
        return said;
    both = join(said, parameters);
    SysFreeString(said);
    return both;
}
