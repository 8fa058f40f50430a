/* Objects as Data: what gives its bytes one by one. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/consumer_object.h"
#include "support/com/scripted_object.h"

extern "C" {
#include "com/bytes.h"
#include "com/item_list.h"
}

#include <gmock/gmock.h>

using testing::HasSubstr;

namespace
{
using numbers = std::vector<int>;

class ByteItems : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment sta{COINIT_APARTMENTTHREADED};
    std::shared_ptr<object_script> s = std::make_shared<object_script>();
    numbers seen;          /* by the last call of from */
    std::wstring sentence; /* of the last failure */

    void TearDown() override
    {
        *s = object_script(); /* its functions may hold the object */
    }

    HRESULT from(const VARIANT &value)
    {
        byte_view view;
        HRESULT hr = bytes_from_variant(&value, &view);
        const auto *first = static_cast<const BYTE *>(view.data);

        seen.assign(first, first + view.size);
        bytes_free(&view);
        sentence = FAILED(hr) ? take_error_sentence() : L"";
        EXPECT_EQ(FAILED(hr), !sentence.empty());
        return hr;
    }
    HRESULT from_script()
    {
        return from(variant(make_scripted_object(s).get()));
    }

    static variant real(double n)
    {
        variant made = variant::of_type(VT_R8);

        made.dblVal = n;
        return made;
    }
    /* An enumerator of these. */
    void enumerates(std::vector<variant> items)
    {
        s->item = [items = std::move(items)](ULONG index, VARIANT *out)
        { return index < items.size() ? VariantCopy(out, const_cast<variant *>(&items[index])) : S_FALSE; };
    }
    /* Items by an index, from `base` on. */
    static object_script::call item_from(LONG base, LONG count)
    {
        return [base, count](const VARIANT *index, VARIANT *out)
        {
            if (!index || index->vt != VT_I4)
                return DISP_E_BADPARAMCOUNT;
            if (index->lVal < base || index->lVal >= base + count)
                return vb_error(9);
            out->vt = VT_I4;
            out->lVal = 10 + index->lVal - base;
            return S_OK;
        };
    }
    /* An array of JScript. */
    void is_script_array(int length, std::vector<object_script::member> elements)
    {
        s->has_ex = true;
        s->members = std::move(elements);
        s->members.push_back({L"length", gives(variant(length)), false});
    }
};

/* ---- the kinds of lists ---- */

TEST_F(ByteItems, ComeFromAnEnumerator)
{
    enumerates({variant(0), real(7), variant(255)});

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, (numbers{0, 7, 255}));
}

TEST_F(ByteItems, ComeFromAnArrayOfAScript)
{
    is_script_array(2, {{L"0", gives(variant(1))}, {L"1", gives(real(2))}});

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, (numbers{1, 2}));
}

TEST_F(ByteItems, ComeByAnIndexFromZeroOrOneOn)
{
    for (LONG base : {0, 1})
    {
        s->members = {{L"Count", gives(variant(3))}, {L"Item", item_from(base, 3)}};

        EXPECT_EQ(from_script(), S_OK) << base;
        EXPECT_EQ(seen, (numbers{10, 11, 12})) << base;
    }
}

TEST_F(ByteItems, ComeByLengthAndTheDefaultProperty)
{
    s->members = {{L"length", gives(real(2))}};
    s->value = item_from(0, 2);

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, (numbers{10, 11}));
}

TEST_F(ByteItems, ComeFromWhatIsLikeAnArrayOfAScript)
{
    variant yes = variant::of_type(VT_BOOL);
    yes.boolVal = VARIANT_TRUE;
    is_script_array(2, {{L"0", gives(variant(1))}, {L"1", gives(variant(2))}});
    s->members.push_back({L"propertyIsEnumerable", gives(yes), false});

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, (numbers{1, 2}));
}

TEST_F(ByteItems, MayBeMany)
{
    numbers expected;
    s->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_UI1;
        out->bVal = static_cast<BYTE>(index * 7);
        return index < 100000 ? S_OK : S_FALSE;
    };
    for (int i = 0; i < 100000; i++)
        expected.push_back(static_cast<BYTE>(i * 7));

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_TRUE(seen == expected);
}

TEST_F(ByteItems, MayBeNone)
{
    enumerates({});
    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, numbers{});
    is_script_array(0, {});
    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, numbers{});
    *s = object_script();
    s->members = {{L"Count", gives(variant(0))}};
    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, numbers{});
}

TEST_F(ByteItems, MayComeByReference)
{
    enumerates({variant(5)});
    variant object(make_scripted_object(s).get()), reference = object.by_reference();
    VARIANT to_pointer = {};
    to_pointer.vt = VT_BYREF | VT_DISPATCH;
    to_pointer.ppdispVal = &object.pdispVal;

    EXPECT_EQ(from(reference), S_OK);
    EXPECT_EQ(seen, numbers{5});
    EXPECT_EQ(from(to_pointer), S_OK);
    EXPECT_EQ(seen, numbers{5});
}

/* ---- what is none ---- */

TEST_F(ByteItems, DoNotComeFromAnObjectWithoutItems)
{
    variant nothing = variant::of_type(VT_DISPATCH), unknown = variant::of_type(VT_UNKNOWN);
    com_ptr<IUnknown> plain = make_plain_unknown();
    plain->AddRef();
    unknown.punkVal = plain.get();

    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    EXPECT_THAT(sentence, HasSubstr(L"a list of whole numbers from 0 to 255"));
    EXPECT_EQ(from(nothing), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(unknown), DISP_E_TYPEMISMATCH);
    s->members = {{L"Count", gives(variant(L"many"))}};
    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    s->members = {{L"Count", gives(variant(-1))}};
    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
}

/* Its enumerator gives its keys. */
TEST_F(ByteItems, DoNotComeFromADictionary)
{
    enumerates({variant(1)});
    s->members = {{L"Keys", gives(variant::array_of({variant(1)}))}, {L"Item", gives(variant(65))}};

    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    EXPECT_THAT(sentence, HasSubstr(L"Data is no bytes"));
}

/* Its length is the number of its arguments. */
TEST_F(ByteItems, DoNotComeFromAFunction)
{
    is_script_array(0, {{L"call", {}}, {L"apply", {}}});

    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
}

TEST_F(ByteItems, AreWholeNumbersFrom0To255)
{
    enumerates({variant(1), variant(256)});
    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(sentence, L"Data(1) is 256; give numbers from 0 to 255.");
    for (const variant &wrong : {variant(L"1"), real(1.5), variant(), variant::of_type(VT_NULL)})
    {
        enumerates({variant(1), variant(2), wrong});
        EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
        EXPECT_THAT(sentence, HasSubstr(L"Data(2) is no whole number"));
    }
    EXPECT_EQ(seen, numbers{}) << "nothing of it";
}

TEST_F(ByteItems, AreNoObjects)
{
    auto inner = std::make_shared<object_script>();

    enumerates({variant(make_scripted_object(inner).get())});
    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    EXPECT_THAT(sentence, HasSubstr(L"Data(0) is no whole number"));
}

TEST_F(ByteItems, OfAScriptHaveNoHoles)
{
    is_script_array(3, {{L"0", gives(variant(1))}, {L"2", gives(variant(3))}});

    EXPECT_EQ(from_script(), DISP_E_TYPEMISMATCH);
    EXPECT_THAT(sentence, HasSubstr(L"Data(1) is no whole number"));
}

/* ---- what the consumer's code does meanwhile ---- */

TEST_F(ByteItems, AnErrorOfTheObjectIsPassedOnWithItsSentence)
{
    s->exception = [](EXCEPINFO *e)
    {
        e->scode = vb_error(1001);
        e->bstrDescription = SysAllocString(L"no such order");
    };
    auto fails = [](const VARIANT *, VARIANT *) { return DISP_E_EXCEPTION; };

    s->members = {{L"Count", fails}};
    EXPECT_EQ(from_script(), vb_error(1001));
    EXPECT_EQ(sentence, L"no such order");
    s->members = {{L"Count", gives(variant(2))}, {L"Item", fails}};
    EXPECT_EQ(from_script(), vb_error(1001));
    EXPECT_EQ(sentence, L"no such order");
}

TEST_F(ByteItems, AnEnumeratorThatFailsHasASentence)
{
    s->item = [](ULONG index, VARIANT *out)
    {
        out->vt = VT_I4;
        return index < 300 ? S_OK : RPC_E_DISCONNECTED;
    };

    EXPECT_EQ(from_script(), RPC_E_DISCONNECTED);
    EXPECT_EQ(seen, numbers{});
}

TEST_F(ByteItems, AreAsManyAsThereWereAtFirst)
{
    is_script_array(2, {{L"0", gives(variant(1))}, {L"1", gives(variant(2))}, {L"2", gives(variant(3))}});
    s->members[0].what = [this](const VARIANT *, VARIANT *out)
    {
        s->members.back().what = gives(variant(3)); /* its length */
        out->vt = VT_I4;
        out->lVal = 1;
        return S_OK;
    };

    EXPECT_EQ(from_script(), S_OK);
    EXPECT_EQ(seen, (numbers{1, 2}));
}

TEST_F(ByteItems, ThatGoMeanwhileAreAnError)
{
    s->members = {{L"Count", gives(variant(3))}, {L"Item", item_from(0, 1)}};
    EXPECT_EQ(from_script(), vb_error(9));
}

TEST_F(ByteItems, WithoutAnEndAreErrorFive)
{
    s->item = [](ULONG, VARIANT *out)
    {
        out->vt = VT_I2;
        return S_OK;
    };

    EXPECT_EQ(from_script(), vb_error(5));
    EXPECT_THAT(sentence, HasSubstr(std::to_wstring(ITEMS_MOST)));
}

TEST_F(ByteItems, TheObjectMayLoseItsLastReferenceMeanwhile)
{
    auto references = std::make_shared<std::atomic<LONG>>();
    variant slot, by_reference = slot.by_reference();

    s->members = {{L"Count", gives(variant(2))},
                  {L"Item", [&slot](const VARIANT *index, VARIANT *out)
                   {
                       slot.clear();
                       return VariantCopy(out, const_cast<VARIANT *>(index));
                   }}};
    slot.vt = VT_DISPATCH;
    {
        com_ptr<IDispatch> made = make_scripted_object(s, references);

        made->AddRef();
        slot.pdispVal = made.get();
    }

    EXPECT_EQ(from(by_reference), S_OK);
    EXPECT_EQ(seen, (numbers{0, 1}));
    EXPECT_EQ(*references, 0);
}

TEST_F(ByteItems, AreAnnouncedToWhomItConcerns)
{
    enumerates({});
    variant object(make_scripted_object(s).get()), reference = object.by_reference(),
                                                   nothing = variant::of_type(VT_DISPATCH), bytes(std::vector<BYTE>{1});

    EXPECT_TRUE(bytes_come_from_object(&object));
    EXPECT_TRUE(bytes_come_from_object(&reference));
    EXPECT_FALSE(bytes_come_from_object(&nothing));
    EXPECT_FALSE(bytes_come_from_object(&bytes));
}
} // namespace
