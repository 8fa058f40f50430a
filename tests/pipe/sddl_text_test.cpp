/* Security descriptors as text: which can be read, and which entry cannot. */

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/leaks.h"
#include "support/pipe/seams.h"

extern "C" {
#include "pipe/sddl_text.h"
}

class Sddl : public testing::Test
{
  protected:
    leak_check nothing_is_left;
    seams system;
    WCHAR entry[40] = L"untouched";
    std::vector<std::wstring> tried;
    size_t asked = 0;

    sddl_fault judge(const std::wstring &text)
    {
        SECURITY_DESCRIPTOR *descriptor = nullptr;
        const sddl_fault fault = sddl_read(text.c_str(), &descriptor, entry, 40);

        EXPECT_EQ(descriptor != nullptr, fault == SDDL_IS_RIGHT) << text;
        LocalFree(descriptor);
        return fault;
    }
};

TEST_F(Sddl, ThatCanBeReadIsRight)
{
    for (const wchar_t *text : {L"D:(A;;FA;;;BA)", L"O:BAG:BAD:P(A;;0x12019b;;;AU)S:(ML;;NW;;;LW)", L"D:"})
        EXPECT_EQ(judge(text), SDDL_IS_RIGHT) << text;
}

TEST_F(Sddl, NamesTheFirstEntryThatIsWrong)
{
    EXPECT_EQ(judge(L"D:(A;;FA;;;BA)(A;;QQ;;;AU)(A;;FA;;;ZZ)"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(A;;QQ;;;AU)");
    EXPECT_EQ(judge(L"D:(A;;FA;;;ZZ)S:(ML;;NW;;;LW)"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(A;;FA;;;ZZ)");
    EXPECT_EQ(judge(L"D:(A;;FA;;;BA)S:(ML;;NW;;;Q)"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(ML;;NW;;;Q)");
    EXPECT_EQ(judge(L"S:(ML;;NW;;;LW)D:(A;;FA;;;ZZ)"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(A;;FA;;;ZZ)") << "a label is right where labels stand";
}

/* Windows reads a label behind S: alone, Wine behind D: too. */
TEST_F(Sddl, AnEntryIsTriedInBothLists)
{
    system.read_sddl = [this](const WCHAR *text) { tried.push_back(text); };

    EXPECT_EQ(judge(L"D:(A;;QQ;;;AU)"), SDDL_ENTRY_IS_WRONG);

    EXPECT_EQ(tried, (std::vector<std::wstring>{L"D:(A;;QQ;;;AU)", L"D:(A;;QQ;;;AU)", L"S:(A;;QQ;;;AU)"}));
}

TEST_F(Sddl, AnEntryWithoutItsBracketIsWrongToTheEndOfTheText)
{
    EXPECT_EQ(judge(L"D:(A;;FA;;;BA)(A;;FA;;;WD"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(A;;FA;;;WD");
}

TEST_F(Sddl, AnEntryContainsTheBracketsOfItsCondition)
{
    EXPECT_EQ(judge(L"D:(XA;;QQ;;;BA;(Member_of {SID(BA)}))"), SDDL_ENTRY_IS_WRONG);
    EXPECT_STREQ(entry, L"(XA;;QQ;;;BA;(Member_of {SID(BA)}))");
}

TEST_F(Sddl, ALongEntryIsCut)
{
    const std::wstring text = L"(A;;QQ;;;" + std::wstring(100, L'Z') + L")";

    EXPECT_EQ(judge(L"D:" + text), SDDL_ENTRY_IS_WRONG);
    EXPECT_EQ(entry, text.substr(0, 39));
}

TEST_F(Sddl, AnEntryThatIsAsLongAsItsPlaceLosesItsLastCharacter)
{
    const std::wstring text = L"(A;;QQ;;;" + std::wstring(30, L'Z') + L")";
    ASSERT_EQ(text.size(), 40u);

    EXPECT_EQ(judge(L"D:" + text), SDDL_ENTRY_IS_WRONG);
    EXPECT_EQ(entry, text.substr(0, 39));
}

TEST_F(Sddl, AnEntryThatIsTheWholeTextHasRoomForAPrefixAndItsEnd)
{
    const std::wstring text = L"(A;;QQ;;;AU)";
    system.allocate = [this](size_t size) { return asked = size, true; };

    EXPECT_EQ(judge(text), SDDL_ENTRY_IS_WRONG);

    EXPECT_GE(asked, (2 + text.size() + 1) * sizeof(WCHAR));
}

TEST_F(Sddl, WithoutAWrongEntryIsWrongAsAWhole)
{
    for (const wchar_t *text : {L"hello", L"Q:(A;;FA;;;BA)"})
        EXPECT_EQ(judge(text), SDDL_TEXT_IS_WRONG) << text;
    EXPECT_STREQ(entry, L"untouched");
}

TEST_F(Sddl, WithoutMemoryIsNotJudged)
{
    system.allocate = [](size_t) { return false; };

    EXPECT_EQ(judge(L"hello"), SDDL_NO_MEMORY);
}
