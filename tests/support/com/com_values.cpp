#include "support/com/com_values.h"

variant::variant()
{
    VariantInit(this);
}

variant::variant(int number) : variant()
{
    vt = VT_I4;
    lVal = number;
}

variant::variant(const wchar_t *text) : variant()
{
    vt = VT_BSTR;
    bstrVal = SysAllocString(text);
}

variant::variant(IDispatch *object) : variant()
{
    vt = VT_DISPATCH;
    pdispVal = object;
    if (object)
        object->AddRef();
}

variant::variant(const std::vector<BYTE> &bytes) : variant()
{
    SAFEARRAYBOUND bound = {static_cast<ULONG>(bytes.size()), 0};

    vt = VT_ARRAY | VT_UI1;
    parray = SafeArrayCreate(VT_UI1, 1, &bound);
    if (!bytes.empty())
        memcpy(parray->pvData, bytes.data(), bytes.size());
}

variant::variant(const variant &other) : variant()
{
    VariantCopy(this, const_cast<variant *>(&other));
}

variant::~variant()
{
    VariantClear(this);
}

variant variant::of_type(VARTYPE vt)
{
    variant made;

    made.vt = vt;
    return made;
}

variant variant::missing()
{
    variant made = of_type(VT_ERROR);

    made.scode = DISP_E_PARAMNOTFOUND;
    return made;
}

variant variant::array_of(std::initializer_list<variant> elements, LONG lower_bound)
{
    SAFEARRAYBOUND bound = {static_cast<ULONG>(elements.size()), lower_bound};
    variant made = of_type(VT_ARRAY | VT_VARIANT);
    VARIANT *to;

    made.parray = SafeArrayCreate(VT_VARIANT, 1, &bound);
    to = static_cast<VARIANT *>(made.parray->pvData);
    for (const variant &element : elements)
        VariantCopy(to++, const_cast<variant *>(&element));
    return made;
}

variant variant::by_reference()
{
    variant made = of_type(VT_BYREF | VT_VARIANT);

    made.pvarVal = this;
    return made;
}

void variant::clear()
{
    VariantClear(this);
}

bstr::bstr(const std::wstring &from) : text(SysAllocStringLen(from.data(), static_cast<UINT>(from.size())))
{
}

bstr::~bstr()
{
    SysFreeString(text);
}

BSTR *bstr::put()
{
    SysFreeString(text);
    text = nullptr;
    return &text;
}

std::wstring bstr::str() const
{
    return {text ? text : L"", SysStringLen(text)};
}

std::vector<int> elements_of(SAFEARRAY *array)
{
    std::vector<int> elements;

    if (!array || array->cDims != 1 || array->cbElements != 1)
        return {0xBAD};
    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++)
        elements.push_back(static_cast<BYTE *>(array->pvData)[i]);
    return elements;
}

std::wstring take_error_sentence()
{
    com_ptr<IErrorInfo> info;
    bstr sentence;

    if (GetErrorInfo(0, info.put()) == S_OK)
        info->GetDescription(sentence.put());
    return sentence.str();
}
