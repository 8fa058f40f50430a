#include "support/com/scripted_object.h"

namespace
{

class item_enumerator : public IEnumVARIANT
{
  public:
    explicit item_enumerator(std::shared_ptr<object_script> from) : script(std::move(from))
    {
    }
    virtual ~item_enumerator() = default;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        *out = riid == IID_IUnknown || riid == IID_IEnumVARIANT ? this : nullptr;
        if (!*out)
            return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return static_cast<ULONG>(++references);
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        const LONG left = --references;

        if (left == 0)
            delete this;
        return static_cast<ULONG>(left);
    }
    HRESULT STDMETHODCALLTYPE Next(ULONG, VARIANT *item, ULONG *fetched) override
    {
        HRESULT hr;

        VariantInit(item);
        hr = script->item(next, item);
        next += hr == S_OK;
        if (fetched)
            *fetched = hr == S_OK;
        return hr;
    }
    HRESULT STDMETHODCALLTYPE Skip(ULONG) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE Reset() override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE Clone(IEnumVARIANT **) override
    {
        return E_NOTIMPL;
    }

  private:
    std::shared_ptr<object_script> script;
    LONG references = 1;
    ULONG next = 0;
};

class scripted_object : public dispatch_stub
{
  public:
    scripted_object(std::shared_ptr<object_script> from, reference_count references)
        : dispatch_stub(agility::bound, std::move(references)), script(std::move(from))
    {
    }

    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *result,
                                     EXCEPINFO *exception, UINT *) override
    {
        return perform(id, params, result, exception);
    }
    HRESULT STDMETHODCALLTYPE InvokeEx(DISPID id, LCID, WORD, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                       IServiceProvider *) override
    {
        return perform(id, params, result, exception);
    }
    HRESULT STDMETHODCALLTYPE GetNextDispID(DWORD, DISPID id, DISPID *next) override
    {
        size_t index = id == DISPID_STARTENUM ? 0 : static_cast<size_t>(id);

        while (index < script->members.size() && !script->members[index].is_enumerable)
            index++;
        if (index >= script->members.size())
            return S_FALSE;
        *next = static_cast<DISPID>(index + 1);
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetMemberName(DISPID id, BSTR *name) override
    {
        *name = SysAllocString(script->members[static_cast<size_t>(id) - 1].name.c_str());
        return *name ? S_OK : E_OUTOFMEMORY;
    }

  protected:
    bool has(REFIID riid) override
    {
        return riid == iid_dispatch_ex && script->has_ex;
    }
    HRESULT find(const wchar_t *name, DISPID *id) override
    {
        if (script->value_is_to_string && std::wstring(name) == L"ToString")
        {
            *id = DISPID_VALUE;
            return S_OK;
        }
        for (size_t i = 0; i < script->members.size(); i++)
            if (script->members[i].name == name)
            {
                *id = static_cast<DISPID>(i + 1);
                return S_OK;
            }
        return DISP_E_UNKNOWNNAME;
    }
    HRESULT find_ex(const wchar_t *name, DWORD, DISPID *id) override
    {
        return find(name, id);
    }
    HRESULT call(DISPID, DISPPARAMS &, EXCEPINFO *) override
    {
        return E_UNEXPECTED;
    }

  private:
    HRESULT perform(DISPID id, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception)
    {
        const std::shared_ptr<object_script> held = script; /* the call may release this object */
        const VARIANT *argument = params->cArgs > 0 ? &params->rgvarg[0] : nullptr;
        object_script::call what;
        HRESULT hr;

        if (id == DISPID_NEWENUM && held->item)
        {
            result->vt = VT_UNKNOWN;
            result->punkVal = new item_enumerator(held);
            return S_OK;
        }
        if (id == DISPID_VALUE)
            what = held->value;
        else if (id > 0 && static_cast<size_t>(id) <= held->members.size())
            what = held->members[static_cast<size_t>(id) - 1].what;
        if (!what)
            return DISP_E_MEMBERNOTFOUND;
        hr = what(argument, result);
        if (hr == DISP_E_EXCEPTION && held->exception)
            held->exception(exception);
        return hr;
    }

    std::shared_ptr<object_script> script;
};

} // namespace

com_ptr<IDispatch> make_scripted_object(std::shared_ptr<object_script> script, reference_count references)
{
    return com_ptr<IDispatch>(new scripted_object(std::move(script), std::move(references)));
}

object_script::call gives(const variant &value)
{
    auto kept = std::make_shared<variant>(value);

    return [kept](const VARIANT *, VARIANT *result) { return VariantCopy(result, kept.get()); };
}
