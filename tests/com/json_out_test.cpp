/* What becomes of values as JSON: ToJson, AsyncWriteJson and CallJson write it with this. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/scripted_object.h"

extern "C" {
#include "com/conversion.h"
#include "com/unload.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace
{

HRESULT WINAPI fill_in_late(EXCEPINFO *e)
{
    e->bstrDescription = SysAllocString(L"asked late");
    return S_OK;
}

class JsonOut : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment sta{COINIT_APARTMENTTHREADED};
    std::wstring sentence; /* of the last failure */

    HRESULT write(const VARIANT &value, std::wstring *out, LONG indent = 0)
    {
        bstr text;
        HRESULT hr = conversion_to_json(&value, indent, text.put());

        EXPECT_EQ(FAILED(hr), text.get() == nullptr);
        *out = text.get() ? text.str() : L"";
        sentence = FAILED(hr) ? take_error_sentence() : L"";
        return hr;
    }
    std::wstring json(const VARIANT &value, LONG indent = 0)
    {
        std::wstring text;

        EXPECT_EQ(write(value, &text, indent), S_OK) << std::string(sentence.begin(), sentence.end());
        return text;
    }
    HRESULT failure(const VARIANT &value)
    {
        std::wstring text;
        HRESULT hr = write(value, &text);

        EXPECT_TRUE(FAILED(hr));
        EXPECT_NE(sentence, L"");
        return hr;
    }

    static variant value_of(VARTYPE vt, std::function<void(VARIANT &)> set)
    {
        variant made = variant::of_type(vt);

        set(made);
        return made;
    }
    static variant real(double n)
    {
        return value_of(VT_R8, [&](VARIANT &v) { v.dblVal = n; });
    }
    static variant boolean(bool b)
    {
        return value_of(VT_BOOL, [&](VARIANT &v) { v.boolVal = b ? VARIANT_TRUE : VARIANT_FALSE; });
    }
    static variant array(VARTYPE vt, SAFEARRAY *owned)
    {
        return value_of(static_cast<VARTYPE>(VT_ARRAY | vt), [&](VARIANT &v) { v.parray = owned; });
    }
    /* As Excel gives a range: (1 To rows, 1 To columns), row * 10 + column. */
    static variant range(ULONG rows, ULONG columns)
    {
        SAFEARRAYBOUND bounds[] = {{rows, 1}, {columns, 1}};
        SAFEARRAY *cells = SafeArrayCreate(VT_VARIANT, 2, bounds);

        for (LONG row = 1; row <= static_cast<LONG>(rows); row++)
            for (LONG column = 1; column <= static_cast<LONG>(columns); column++)
            {
                LONG at[] = {row, column};

                SafeArrayPutElement(cells, at, new_number(row * 10 + column));
            }
        return array(VT_VARIANT, cells);
    }
    static VARIANT *new_number(int number)
    {
        static variant last;

        last.clear();
        last.vt = VT_I4;
        last.lVal = number;
        return &last;
    }
    /* Scripting.Dictionary. */
    static com_ptr<IDispatch> new_dictionary()
    {
        com_ptr<IDispatch> made;
        CLSID id;

        EXPECT_EQ(CLSIDFromProgID(L"Scripting.Dictionary", &id), S_OK);
        EXPECT_EQ(CoCreateInstance(id, nullptr, CLSCTX_INPROC_SERVER, IID_IDispatch, made.put_void()), S_OK);
        return made;
    }
    static void add(IDispatch *dictionary, const VARIANT &key, const VARIANT &item)
    {
        VARIANT arguments[] = {item, key};
        DISPPARAMS params = {arguments, nullptr, 2, 0};
        LPOLESTR name = const_cast<LPOLESTR>(L"Add");
        DISPID id;

        ASSERT_EQ(dictionary->GetIDsOfNames(IID_NULL, &name, 1, 0, &id), S_OK);
        ASSERT_EQ(dictionary->Invoke(id, IID_NULL, 0, DISPATCH_METHOD, &params, nullptr, nullptr, nullptr), S_OK);
    }
    static HRESULT gives_key(const VARIANT *key, VARIANT *out)
    {
        return VariantCopy(out, const_cast<VARIANT *>(key));
    }
    static std::shared_ptr<object_script> script()
    {
        return std::make_shared<object_script>();
    }
    std::wstring json_of(std::shared_ptr<object_script> s)
    {
        return json(variant(make_scripted_object(std::move(s)).get()));
    }
    HRESULT failure_of(std::shared_ptr<object_script> s)
    {
        return failure(variant(make_scripted_object(std::move(s)).get()));
    }
};

/* ---- values ---- */

TEST_F(JsonOut, WhatIsNothingIsNull)
{
    EXPECT_EQ(json(variant()), L"null");
    EXPECT_EQ(json(variant::of_type(VT_NULL)), L"null");
    EXPECT_EQ(json(variant::missing()), L"null");
    EXPECT_EQ(json(value_of(VT_ERROR, [](VARIANT &v) { v.scode = vb_error(2042); })), L"null"); /* #N/A */
    EXPECT_EQ(json(variant(static_cast<IDispatch *>(nullptr))), L"null");
    EXPECT_EQ(json(variant::of_type(VT_UNKNOWN)), L"null");
}

TEST_F(JsonOut, BooleansAndIntegersAreWhatTheyAre)
{
    EXPECT_EQ(json(boolean(true)), L"true");
    EXPECT_EQ(json(boolean(false)), L"false");
    EXPECT_EQ(json(value_of(VT_BOOL, [](VARIANT &v) { v.boolVal = 1; })), L"true");
    EXPECT_EQ(json(value_of(VT_UI1, [](VARIANT &v) { v.bVal = 255; })), L"255");
    EXPECT_EQ(json(value_of(VT_I1, [](VARIANT &v) { v.cVal = -128; })), L"-128");
    EXPECT_EQ(json(value_of(VT_I2, [](VARIANT &v) { v.iVal = -32768; })), L"-32768");
    EXPECT_EQ(json(value_of(VT_UI2, [](VARIANT &v) { v.uiVal = 65535; })), L"65535");
    EXPECT_EQ(json(variant(-2147483647 - 1)), L"-2147483648");
    EXPECT_EQ(json(value_of(VT_UI4, [](VARIANT &v) { v.ulVal = 4294967295u; })), L"4294967295");
    EXPECT_EQ(json(value_of(VT_INT, [](VARIANT &v) { v.intVal = -7; })), L"-7");
    EXPECT_EQ(json(value_of(VT_UINT, [](VARIANT &v) { v.uintVal = 7; })), L"7");
    EXPECT_EQ(json(value_of(VT_I8, [](VARIANT &v) { v.llVal = INT64_MIN; })), L"-9223372036854775808");
    EXPECT_EQ(json(value_of(VT_UI8, [](VARIANT &v) { v.ullVal = UINT64_MAX; })), L"18446744073709551615");
}

TEST_F(JsonOut, FractionsHaveAPointWhateverTheLocale)
{
    const LCID before = GetThreadLocale();

    SetThreadLocale(MAKELCID(MAKELANGID(LANG_GERMAN, SUBLANG_GERMAN), SORT_DEFAULT));
    EXPECT_EQ(json(real(0.1)), L"0.1");
    EXPECT_EQ(json(value_of(VT_R4, [](VARIANT &v) { v.fltVal = 0.1f; })), L"0.1");
    EXPECT_EQ(json(value_of(VT_CY, [](VARIANT &v) { v.cyVal.int64 = -9223372036854775807LL - 1; })),
              L"-922337203685477.5808");
    EXPECT_EQ(json(value_of(VT_DECIMAL,
                            [](VARIANT &v)
                            {
                                v.decVal.scale = 28;
                                v.decVal.sign = DECIMAL_NEG;
                                v.decVal.Hi32 = 0xFFFFFFFF;
                                v.decVal.Lo64 = 0xFFFFFFFFFFFFFFFF;
                            })),
              L"-7.9228162514264337593543950335");
    SetThreadLocale(before);
}

TEST_F(JsonOut, NumbersThatAreNoneAreErrorFive)
{
    EXPECT_EQ(failure(real(std::numeric_limits<double>::infinity())), vb_error(5));
    EXPECT_EQ(failure(real(std::nan(""))), vb_error(5));
    EXPECT_EQ(failure(value_of(VT_R4, [](VARIANT &v) { v.fltVal = -std::numeric_limits<float>::infinity(); })),
              vb_error(5));
    EXPECT_EQ(failure(value_of(VT_DATE, [](VARIANT &v) { v.date = 1e10; })), vb_error(5));
}

TEST_F(JsonOut, DatesAreIso8601)
{
    EXPECT_EQ(json(value_of(VT_DATE, [](VARIANT &v) { v.date = 46352.75277777778; })), L"\"2026-11-26T18:04:00\"");
}

TEST_F(JsonOut, TextsAreEscaped)
{
    EXPECT_EQ(json(variant(L"a\"b\\c\n\u20AC\xD83D\xDE00")), L"\"a\\\"b\\\\c\\n\u20AC\xD83D\xDE00\"");
    EXPECT_EQ(json(variant(L"\xD83D!")), L"\"\\ud83d!\"");
    EXPECT_EQ(json(variant::of_type(VT_BSTR)), L"\"\"");
}

/* Says what was done with a record, of which nobody but this knows the type. */
struct record_type : IRecordInfo
{
    int references = 1, cleared = 0;

    STDMETHODIMP QueryInterface(REFIID, void **) override
    {
        return E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override
    {
        return ++references;
    }
    STDMETHODIMP_(ULONG) Release() override
    {
        return --references;
    }
    STDMETHODIMP RecordInit(PVOID) override
    {
        return S_OK;
    }
    STDMETHODIMP RecordClear(PVOID) override
    {
        return ++cleared, S_OK;
    }
    STDMETHODIMP RecordCopy(PVOID, PVOID) override
    {
        return S_OK;
    }
    STDMETHODIMP GetGuid(GUID *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP GetName(BSTR *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP GetSize(ULONG *size) override
    {
        return *size = 8, S_OK;
    }
    STDMETHODIMP GetTypeInfo(ITypeInfo **) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP GetField(PVOID, LPCOLESTR, VARIANT *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP GetFieldNoCopy(PVOID, LPCOLESTR, VARIANT *, PVOID *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP PutField(ULONG, PVOID, LPCOLESTR, VARIANT *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP PutFieldNoCopy(ULONG, PVOID, LPCOLESTR, VARIANT *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP GetFieldNames(ULONG *, BSTR *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP_(BOOL) IsMatchingType(IRecordInfo *) override
    {
        return FALSE;
    }
    STDMETHODIMP_(PVOID) RecordCreate() override
    {
        return nullptr;
    }
    STDMETHODIMP RecordCreateCopy(PVOID, PVOID *) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP RecordDestroy(PVOID) override
    {
        return S_OK;
    }
};

TEST_F(JsonOut, ARecordIsErrorThirteenAndStaysItsOwners)
{
    record_type type;
    double data = 0;
    VARIANT record = variant::of_type(VT_RECORD);

    V_RECORD(&record) = &data;
    V_RECORDINFO(&record) = &type;
    EXPECT_EQ(failure(record), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(type.cleared, 0);
    EXPECT_EQ(type.references, 1);
}

/* ---- references ---- */

TEST_F(JsonOut, ReferencesOfEveryKindAreFollowed)
{
    variant number(5), text(L"x"), outer = number.by_reference(), inner = outer.by_reference();
    variant bytes(std::vector<BYTE>{1, 2, 3}), list = variant::array_of({variant(1), variant(L"a")});
    DECIMAL decimal = {};
    CY money = {};
    VARIANT v;

    decimal.Lo32 = 15;
    decimal.scale = 1;
    money.int64 = 5000;
    EXPECT_EQ(json(inner), L"5");
    EXPECT_EQ(json(text.by_reference()), L"\"x\"");
    for (VARTYPE vt : {VT_I4, VT_UI4, VT_INT, VT_UINT})
    {
        V_VT(&v) = static_cast<VARTYPE>(VT_BYREF | vt);
        V_BYREF(&v) = &number.lVal;
        EXPECT_EQ(json(v), L"5") << vt;
    }
    V_VT(&v) = VT_BYREF | VT_BSTR;
    V_BYREF(&v) = &text.bstrVal;
    EXPECT_EQ(json(v), L"\"x\"");
    V_VT(&v) = VT_BYREF | VT_DECIMAL;
    V_BYREF(&v) = &decimal;
    EXPECT_EQ(json(v), L"1.5");
    V_VT(&v) = VT_BYREF | VT_CY;
    V_BYREF(&v) = &money;
    EXPECT_EQ(json(v), L"0.5");
    V_VT(&v) = VT_BYREF | VT_ARRAY | VT_UI1;
    V_BYREF(&v) = &bytes.parray;
    EXPECT_EQ(json(v), L"\"AQID\"");
    V_VT(&v) = VT_BYREF | VT_ARRAY | VT_VARIANT;
    V_BYREF(&v) = &list.parray;
    EXPECT_EQ(json(v), L"[1,\"a\"]");
}

TEST_F(JsonOut, AReferenceToItselfOrToNothingIsErrorThirteen)
{
    VARIANT v;

    V_VT(&v) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&v) = &v;
    EXPECT_EQ(failure(v), DISP_E_TYPEMISMATCH);
    V_VARIANTREF(&v) = nullptr;
    EXPECT_EQ(failure(v), DISP_E_TYPEMISMATCH);
    V_VT(&v) = VT_BYREF | VT_I4;
    EXPECT_EQ(failure(v), DISP_E_TYPEMISMATCH);
}

/* ---- arrays ---- */

TEST_F(JsonOut, ArraysOfOneDimensionAreArrays)
{
    EXPECT_EQ(json(variant::array_of({})), L"[]");
    EXPECT_EQ(json(variant::array_of({variant(1), variant(L"a"), variant()}, 7)), L"[1,\"a\",null]");
    EXPECT_EQ(json(array(VT_I2, make_array<SHORT>(VT_I2, {1, -2}))), L"[1,-2]");
    EXPECT_EQ(json(array(VT_BOOL, make_array<VARIANT_BOOL>(VT_BOOL, {VARIANT_TRUE, VARIANT_FALSE}))), L"[true,false]");
    EXPECT_EQ(json(variant::array_of({variant::array_of({variant(1)}), variant::array_of({})})), L"[[1],[]]");
}

TEST_F(JsonOut, AnArrayThatWasNeverDimensionedIsEmpty)
{
    EXPECT_EQ(json(variant::of_type(VT_ARRAY | VT_VARIANT)), L"[]");
    EXPECT_EQ(json(variant::of_type(VT_ARRAY | VT_UI1)), L"\"\"") << "as bytes with none in them";
}

/* SafeArrayDestroyData and SafeArrayAllocDescriptor leave such arrays. */
TEST_F(JsonOut, AnArrayWithADescriptorAloneIsEmpty)
{
    for (VARTYPE vt : {VT_UI1, VT_I4, VT_VARIANT})
    {
        SAFEARRAY *given = SafeArrayCreateVector(vt, 0, 3);
        ASSERT_EQ(SafeArrayDestroyData(given), S_OK);
        given->pvData = nullptr;

        EXPECT_EQ(json(array(vt, given)), vt == VT_UI1 ? L"\"\"" : L"[]") << vt;
    }
}

TEST_F(JsonOut, BytesAreBase64)
{
    EXPECT_EQ(json(variant(std::vector<BYTE>{})), L"\"\"");
    EXPECT_EQ(json(variant(std::vector<BYTE>{'f', 'o', 'o', 'b'})), L"\"Zm9vYg==\"");
}

TEST_F(JsonOut, TwoDimensionsAreRows)
{
    EXPECT_EQ(json(range(2, 3)), L"[[11,12,13],[21,22,23]]");
    EXPECT_EQ(json(range(1, 1)), L"[[11]]");
    EXPECT_EQ(json(range(3, 1)), L"[[11],[21],[31]]");
}

TEST_F(JsonOut, ThreeDimensionsAreErrorFive)
{
    SAFEARRAYBOUND bounds[] = {{1, 0}, {1, 0}, {1, 0}};

    EXPECT_EQ(failure(array(VT_I4, SafeArrayCreate(VT_I4, 3, bounds))), vb_error(5));
    EXPECT_NE(sentence.find(L"3 dimensions"), std::wstring::npos);
}

TEST_F(JsonOut, AnArrayIsUnlockedAgain)
{
    variant list = variant::array_of({variant::of_type(VT_RECORD)});
    variant good = variant::array_of({variant(1)});

    failure(list);
    json(good);

    EXPECT_EQ(list.parray->cLocks, 0u);
    EXPECT_EQ(good.parray->cLocks, 0u);
}

TEST_F(JsonOut, IndentMakesLines)
{
    variant list = variant::array_of({variant(1), variant::array_of({}), variant::array_of({variant(2)})});

    EXPECT_EQ(json(list, 2), L"[\r\n  1,\r\n  [],\r\n  [\r\n    2\r\n  ]\r\n]");
    EXPECT_EQ(json(variant(1), 2), L"1");
}

TEST_F(JsonOut, AnIndentOfMoreThanTenOrLessThanNothingIsErrorFive)
{
    bstr text;
    variant one(1);

    EXPECT_EQ(conversion_to_json(&one, 11, text.put()), vb_error(5));
    EXPECT_EQ(conversion_to_json(&one, -1, text.put()), vb_error(5));
    EXPECT_EQ(conversion_to_json(&one, 10, text.put()), S_OK);
}

/* ---- dictionaries ---- */

TEST_F(JsonOut, ADictionaryIsAnObjectInTheOrderOfItsKeys)
{
    com_ptr<IDispatch> d = new_dictionary(), inner = new_dictionary();

    EXPECT_EQ(json(variant(d.get())), L"{}");
    add(inner.get(), variant(L"x"), variant());
    add(d.get(), variant(L"b"), variant(1));
    add(d.get(), variant(L"a\""), variant(inner.get()));
    EXPECT_EQ(json(variant(d.get())), L"{\"b\":1,\"a\\\"\":{\"x\":null}}");
    EXPECT_EQ(json(variant(d.get()), 1), L"{\r\n \"b\": 1,\r\n \"a\\\"\": {\r\n  \"x\": null\r\n }\r\n}");
}

/* It may have released all objects of this DLL, and asks COM to unload what is not used. */
TEST_F(JsonOut, WhileTheCodeOfAValueRunsTheLibraryIsNotUnloaded)
{
    auto s = script();
    bool may_go = true;

    ASSERT_TRUE(unload_is_permitted());
    s->members = {{L"Keys",
                   [&](const VARIANT *, VARIANT *)
                   {
                       may_go = unload_is_permitted();
                       return E_FAIL;
                   }},
                  {L"Item", gives_key}};
    failure_of(s);
    EXPECT_FALSE(may_go);
    EXPECT_TRUE(unload_is_permitted());
}

TEST_F(JsonOut, KeysBecomeText)
{
    com_ptr<IDispatch> d = new_dictionary();

    add(d.get(), variant(5), variant(1));
    add(d.get(), real(0.5), variant(2));
    add(d.get(), value_of(VT_DATE, [](VARIANT &v) { v.date = 1; }), variant(3));
    EXPECT_EQ(json(variant(d.get())), L"{\"5\":1,\"0.5\":2,\"1899-12-31T00:00:00\":3}");
}

TEST_F(JsonOut, AKeyThatIsAnObjectIsErrorThirteen)
{
    com_ptr<IDispatch> d = new_dictionary(), key = new_dictionary();

    add(d.get(), variant(key.get()), variant(1));
    EXPECT_EQ(failure(variant(d.get())), DISP_E_TYPEMISMATCH);
    EXPECT_NE(sentence.find(L"key"), std::wstring::npos);
}

TEST_F(JsonOut, KeysMayBeAnyArrayOrAnEnumerator)
{
    auto s = script(), keys = script();

    s->members = {{L"Keys", gives(array(VT_BSTR, make_array<BSTR>(VT_BSTR, {SysAllocString(L"k")})))},
                  {L"Item", [](const VARIANT *key, VARIANT *out) { return gives_key(key, out); }}};
    EXPECT_EQ(json_of(s), L"{\"k\":\"k\"}");

    keys->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_I4;
        out->lVal = static_cast<LONG>(index);
        return index < 2 ? S_OK : S_FALSE;
    };
    s->members[0].what = gives(variant(make_scripted_object(keys).get()));
    EXPECT_EQ(json_of(s), L"{\"0\":0,\"1\":1}");
}

TEST_F(JsonOut, MoreThan32768KeysAreErrorFive)
{
    auto s = script(), keys = script();

    keys->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_I4;
        out->lVal = static_cast<LONG>(index);
        return S_OK;
    };
    s->members = {{L"Keys", gives(variant(make_scripted_object(keys).get()))}, {L"Item", gives(variant(1))}};
    EXPECT_EQ(failure_of(s), vb_error(5));
    EXPECT_NE(sentence.find(L"32768"), std::wstring::npos);
}

TEST_F(JsonOut, AnObjectThatKnowsEveryNameIsNoDictionary)
{
    auto s = script();

    s->members = {{L"Keys", [](const VARIANT *, VARIANT *) { return DISP_E_MEMBERNOTFOUND; }}, {L"Item", {}}};
    s->value = gives(variant(7));
    EXPECT_EQ(json_of(s), L"7");
}

/* ---- objects of scripts ---- */

TEST_F(JsonOut, AnObjectOfAScriptHasItsOwnMembers)
{
    auto s = script(), function = script();

    function->has_ex = true;
    function->members = {{L"call", {}}, {L"apply", {}}};
    s->has_ex = true;
    s->members = {{L"a", gives(variant(1))},
                  {L"hidden", gives(variant(2)), false},
                  {L"f", gives(variant(make_scripted_object(function).get()))},
                  {L"of the prototype", gives(variant(3))},
                  {L"gone", [](const VARIANT *, VARIANT *) { return DISP_E_MEMBERNOTFOUND; }},
                  {L"hasOwnProperty",
                   [](const VARIANT *name, VARIANT *out)
                   {
                       out->vt = VT_BOOL;
                       out->boolVal = wcscmp(name->bstrVal, L"of the prototype") ? VARIANT_TRUE : VARIANT_FALSE;
                       return S_OK;
                   },
                   false},
                  {L"b", gives(variant(L"x"))}};
    EXPECT_EQ(json_of(s), L"{\"a\":1,\"b\":\"x\"}");
    EXPECT_EQ(json_of(function), L"null");
}

TEST_F(JsonOut, AnObjectOfAScriptWithLengthIsAnArray)
{
    auto s = script();

    s->has_ex = true;
    s->members = {{L"length", gives(variant(3)), false}, {L"0", gives(variant(L"a"))}, {L"2", gives(variant(5))}};
    EXPECT_EQ(json_of(s), L"[\"a\",null,5]");
}

TEST_F(JsonOut, ALengthThatIsAMemberLikeOthersMakesNoArray)
{
    auto s = script();

    s->has_ex = true;
    s->members = {{L"length", gives(variant(3))},
                  {L"propertyIsEnumerable", gives(boolean(true)), false},
                  {L"width", gives(variant(2))}};
    EXPECT_EQ(json_of(s), L"{\"length\":3,\"width\":2}");
}

TEST_F(JsonOut, ADateOfAScriptIsItsDate)
{
    auto s = script();

    s->has_ex = true;
    s->members = {{L"getVarDate", gives(value_of(VT_DATE, [](VARIANT &v) { v.date = 1; })), false}};
    EXPECT_EQ(json_of(s), L"\"1899-12-31T00:00:00\"");
}

/* Wine's JScript has no getVarDate. */
TEST_F(JsonOut, ADateOfAScriptThatCannotBeReadIsErrorThirteen)
{
    auto s = script();

    s->has_ex = true;
    s->members = {{L"getUTCFullYear", gives(variant(2026)), false}};
    EXPECT_EQ(failure_of(s), DISP_E_TYPEMISMATCH);
}

/* ---- default properties and enumerators ---- */

TEST_F(JsonOut, ADefaultPropertyIsTheValue)
{
    auto s = script();

    s->value = gives(range(2, 2)); /* Excel's Range, which can be enumerated too */
    s->item = [](ULONG, VARIANT *) { return S_FALSE; };
    EXPECT_EQ(json(variant::array_of({variant(make_scripted_object(s).get()), variant(1)})), L"[[[11,12],[21,22]],1]");
    s->value = gives(variant::of_type(VT_NULL));
    EXPECT_EQ(json_of(s), L"null");
    s->value = gives(variant(std::vector<BYTE>{1, 2, 3}));
    EXPECT_EQ(json_of(s), L"\"AQID\"");
}

TEST_F(JsonOut, AnEnumeratorIsAnArray)
{
    auto s = script();

    s->value = [](const VARIANT *, VARIANT *) { return DISP_E_BADPARAMCOUNT; }; /* Item(Index) */
    s->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_BSTR;
        out->bstrVal = SysAllocString(L"x");
        if (index < 2)
            return S_OK;
        VariantClear(out);
        return S_FALSE;
    };
    EXPECT_EQ(json_of(s), L"[\"x\",\"x\"]");
}

TEST_F(JsonOut, ADefaultPropertyThatGivesAnObjectOrIsToStringIsNoValue)
{
    auto s = script(), inner = script();

    s->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_I2;
        return index < 1 ? S_OK : S_FALSE;
    };
    s->value = gives(variant(make_scripted_object(inner).get()));
    EXPECT_EQ(json_of(s), L"[0]");
    s->value = gives(variant(L"System.Collections.ArrayList"));
    s->value_is_to_string = true;
    EXPECT_EQ(json_of(s), L"[0]");
}

TEST_F(JsonOut, AnObjectThatIsNoneOfTheseIsErrorThirteen)
{
    EXPECT_EQ(failure_of(script()), DISP_E_TYPEMISMATCH);
    EXPECT_NE(sentence.find(L"Scripting.Dictionary"), std::wstring::npos);
}

/* ---- what the consumer's code does meanwhile ---- */

TEST_F(JsonOut, AnErrorOfTheObjectIsPassedOnWithItsSentence)
{
    auto s = script();

    s->members = {{L"Keys", gives(variant::array_of({variant(L"a")}))},
                  {L"Item", [](const VARIANT *, VARIANT *) { return DISP_E_EXCEPTION; }}};
    s->exception = [](EXCEPINFO *e)
    {
        e->scode = vb_error(1001);
        e->bstrDescription = SysAllocString(L"no such order");
        e->bstrSource = SysAllocString(L"Orders");
    };
    EXPECT_EQ(failure_of(s), vb_error(1001));
    EXPECT_EQ(sentence, L"no such order");

    s->exception = [](EXCEPINFO *e)
    {
        e->wCode = 1002;
        e->pfnDeferredFillIn = fill_in_late;
    };
    EXPECT_EQ(failure_of(s), vb_error(1002));
    EXPECT_EQ(sentence, L"asked late");
}

TEST_F(JsonOut, ADefaultPropertyThatFailsIsPassedOnUnlessThereIsAnEnumerator)
{
    auto s = script();

    s->value = [](const VARIANT *, VARIANT *) { return DISP_E_EXCEPTION; };
    s->exception = [](EXCEPINFO *e)
    {
        e->scode = vb_error(91);
        e->bstrDescription = SysAllocString(L"not yet");
    };
    EXPECT_EQ(failure_of(s), vb_error(91));
    EXPECT_EQ(sentence, L"not yet");
    s->item = [](ULONG, VARIANT *) { return S_FALSE; };
    EXPECT_EQ(json_of(s), L"[]");
}

TEST_F(JsonOut, WhatLeadsBackToItselfEndsAfter100Levels)
{
    auto s = script();
    com_ptr<IDispatch> object = make_scripted_object(s);
    IDispatch *itself = object.get();

    s->members = {{L"Keys", gives(variant::array_of({variant(L"me")}))},
                  {L"Item", [itself](const VARIANT *, VARIANT *out)
                   {
                       itself->AddRef();
                       out->vt = VT_DISPATCH;
                       out->pdispVal = itself;
                       return S_OK;
                   }}};
    EXPECT_EQ(failure(variant(itself)), vb_error(5));
    EXPECT_NE(sentence.find(L"100 levels"), std::wstring::npos);
    EXPECT_NE(sentence.find(L"at [\"me\"][\"me\"]"), std::wstring::npos);
    EXPECT_NE(sentence.find(L"...."), std::wstring::npos) << "the place is cut";
    EXPECT_LT(sentence.size(), 250u);
}

TEST_F(JsonOut, AnErrorSaysWhereInTheValueItStands)
{
    auto s = script();
    variant rows = variant::array_of({variant(1), variant::array_of({variant(L"a"), variant::of_type(VT_RECORD)})});

    EXPECT_EQ(failure(rows), DISP_E_TYPEMISMATCH);
    EXPECT_NE(sentence.find(L" It stands at [1][1]."), std::wstring::npos);

    s->members = {{L"Keys", gives(variant::array_of({variant(L"good"), variant(L"a \"row\"")}))},
                  {L"Item", gives(rows)}};
    EXPECT_EQ(failure_of(s), DISP_E_TYPEMISMATCH);
    EXPECT_NE(sentence.find(L" It stands at [\"good\"][1][1]."), std::wstring::npos);

    EXPECT_EQ(failure(variant::of_type(VT_RECORD)), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(sentence.find(L"stands"), std::wstring::npos) << "it is all of the value";
}

TEST_F(JsonOut, OfArraysTakes100LevelsAndNoMore)
{
    std::wstring expected = L"1";
    variant nested(1);

    for (int level = 0; level < 100; level++)
    {
        variant outer = variant::array_of({nested});

        nested.clear();
        VariantCopy(&nested, &outer);
        expected = L"[" + expected + L"]";
    }
    EXPECT_EQ(json(nested), expected);
    EXPECT_EQ(failure(variant::array_of({nested})), vb_error(5));
}

TEST_F(JsonOut, AnEnumeratorWithoutAnEndIsErrorFive)
{
    auto s = script();

    s->item = [](ULONG, VARIANT *out)
    {
        out->vt = VT_I2;
        return S_OK;
    };
    EXPECT_EQ(failure_of(s), vb_error(5));
    EXPECT_NE(sentence.find(L"16777216"), std::wstring::npos);
}

TEST_F(JsonOut, AnObjectMayLoseItsLastReferenceMeanwhile)
{
    auto s = script();
    auto references = std::make_shared<std::atomic<LONG>>();
    variant slot, by_reference = slot.by_reference();

    s->members = {{L"Keys", gives(variant::array_of({variant(L"a"), variant(L"b")}))},
                  {L"Item", [&slot](const VARIANT *key, VARIANT *out)
                   {
                       slot.clear();
                       return gives_key(key, out);
                   }}};
    slot.vt = VT_DISPATCH;
    {
        com_ptr<IDispatch> made = make_scripted_object(s, references);

        made->AddRef();
        slot.pdispVal = made.get();
    }
    EXPECT_EQ(json(by_reference), L"{\"a\":\"a\",\"b\":\"b\"}");
    EXPECT_EQ(*references, 0);
    s->members.clear();
}

TEST_F(JsonOut, AnArrayMayNotGoMeanwhile)
{
    auto s = script();
    variant list = variant::array_of({variant(), variant(2)}), by_reference = list.by_reference();
    HRESULT answer = S_OK;

    s->value = [&](const VARIANT *, VARIANT *out)
    {
        answer = SafeArrayDestroy(list.parray);
        out->vt = VT_I4;
        return S_OK;
    };
    auto *elements = static_cast<VARIANT *>(list.parray->pvData);
    elements[0].vt = VT_DISPATCH;
    com_ptr<IDispatch> object = make_scripted_object(s);

    object->AddRef();
    elements[0].pdispVal = object.get();
    EXPECT_EQ(json(by_reference), L"[0,2]");
    EXPECT_EQ(answer, DISP_E_ARRAYISLOCKED);

    answer = S_OK;
    variant outer = variant::array_of({variant(1)});
    *static_cast<VARIANT *>(outer.parray->pvData) = by_reference;
    EXPECT_EQ(json(outer), L"[[0,2]]");
    EXPECT_EQ(answer, DISP_E_ARRAYISLOCKED);
    static_cast<VARIANT *>(outer.parray->pvData)->vt = VT_EMPTY;
}

} // namespace
