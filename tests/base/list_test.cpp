extern "C" {
#include "base/list.h"
}

#include <gtest/gtest.h>

#include <string>

namespace
{

struct item
{
    char name;
    list_link link;
};

item *item_of(list_link *link)
{
    return link ? CONTAINER_OF(link, item, link) : nullptr;
}

std::string forwards(const list &l)
{
    std::string names;

    for (list_link *link = list_first(&l); link; link = list_next(&l, link))
        names += item_of(link)->name;
    return names;
}

std::string backwards(const list &l)
{
    std::string names;

    for (list_link *link = list_last(&l); link; link = list_previous(&l, link))
        names += item_of(link)->name;
    return names;
}

class List : public testing::Test
{
  protected:
    List()
    {
        list_init(&l);
        list_init(&other);
    }

    void append_all()
    {
        list_append(&l, &a.link);
        list_append(&l, &b.link);
        list_append(&l, &c.link);
    }

    list l, other;
    item a = {'a', {}}, b = {'b', {}}, c = {'c', {}}, d = {'d', {}};
};

} // namespace

TEST_F(List, IsEmptyAtFirst)
{
    EXPECT_TRUE(list_empty(&l));
    EXPECT_EQ(list_first(&l), nullptr);
    EXPECT_EQ(list_last(&l), nullptr);
    EXPECT_EQ(list_take_first(&l), nullptr);
}

TEST_F(List, KeepsTheOrderOfAppending)
{
    append_all();

    EXPECT_FALSE(list_empty(&l));
    EXPECT_EQ(forwards(l), "abc");
    EXPECT_EQ(backwards(l), "cba");
}

TEST_F(List, InsertsBehindAPlace)
{
    append_all();

    list_insert_after(&a.link, &d.link);

    EXPECT_EQ(forwards(l), "adbc");
    EXPECT_EQ(backwards(l), "cbda");
}

TEST_F(List, RemovesTheFirstTheMiddleAndTheLast)
{
    append_all();
    list_append(&l, &d.link);

    list_remove(&b.link);
    EXPECT_EQ(forwards(l), "acd");
    list_remove(&a.link);
    EXPECT_EQ(forwards(l), "cd");
    list_remove(&d.link);

    EXPECT_EQ(forwards(l), "c");
    EXPECT_EQ(backwards(l), "c");
}

TEST_F(List, TellsALinkThatIsInAListFromOneThatIsNot)
{
    EXPECT_FALSE(list_linked(&a.link));
    list_append(&l, &a.link);
    EXPECT_TRUE(list_linked(&a.link));

    list_remove(&a.link);

    EXPECT_FALSE(list_linked(&a.link));
    EXPECT_TRUE(list_empty(&l));
}

TEST_F(List, IgnoresTheRemovalOfALinkThatIsInNone)
{
    append_all();
    list_remove(&b.link);

    list_remove(&b.link);
    list_remove(&d.link);

    EXPECT_EQ(forwards(l), "ac");
}

TEST_F(List, GivesTheFirstAway)
{
    append_all();

    EXPECT_EQ(list_take_first(&l), &a.link);

    EXPECT_FALSE(list_linked(&a.link));
    EXPECT_EQ(forwards(l), "bc");
}

TEST_F(List, TakesALinkBackThatItGaveAway)
{
    append_all();

    list_append(&l, list_take_first(&l));

    EXPECT_EQ(forwards(l), "bca");
}

TEST_F(List, MovesAllToTheEndOfAnotherInOrder)
{
    append_all();
    list_append(&other, &d.link);

    list_move_all(&l, &other);

    EXPECT_TRUE(list_empty(&l));
    EXPECT_EQ(forwards(other), "dabc");
    EXPECT_EQ(backwards(other), "cbad");
}

TEST_F(List, MovesNothingFromAnEmptyOne)
{
    list_append(&other, &d.link);

    list_move_all(&l, &other);

    EXPECT_EQ(forwards(other), "d");
}
