/* How a connection's reads wait, by what it gets. */

#include <gtest/gtest.h>

extern "C" {
#include "pipe/gait.h"
}

namespace
{
constexpr DWORD BUFFER_SIZE = 131072;

struct Gait : testing::Test
{
    gait g = {};

    Gait()
    {
        gait_init(&g, BUFFER_SIZE, true);
    }

    void take(DWORD bytes, int times = 1)
    {
        for (int i = 0; i < times; i++)
            gait_took(&g, bytes, false);
    }
};
} // namespace

TEST_F(Gait, IsShortAtFirstAndWhileMessagesAreShort)
{
    EXPECT_EQ(g.room, DWORD(READ_SHORT));

    take(READ_SHORT, 1000);

    EXPECT_EQ(g.room, DWORD(READ_SHORT));
}

TEST_F(Gait, HoldsNothingAfterALongMessage)
{
    take(READ_SHORT + 1);

    EXPECT_EQ(g.kind, GAIT_EMPTY);
    EXPECT_EQ(g.room, 0u);
}

TEST_F(Gait, IsLongAfterSomeLongMessagesInARow)
{
    take(BUFFER_SIZE, 3);

    EXPECT_EQ(g.room, BUFFER_SIZE);
}

TEST_F(Gait, IsNotLongWhereShortMessagesComeInBetween)
{
    for (int i = 0; i < 20; i++)
    {
        take(BUFFER_SIZE, 2);
        take(10, 2);
    }

    EXPECT_EQ(g.kind, GAIT_EMPTY);
}

TEST_F(Gait, IsShortAgainAfterManyShortMessages)
{
    take(BUFFER_SIZE, 3);
    take(10, 15);
    EXPECT_EQ(g.room, BUFFER_SIZE);

    take(10);

    EXPECT_EQ(g.room, DWORD(READ_SHORT));
}

TEST_F(Gait, StaysLongWhereALongMessageComesNowAndThen)
{
    take(BUFFER_SIZE, 3);
    for (int i = 0; i < 20; i++)
    {
        take(10, 15);
        take(BUFFER_SIZE);
    }

    EXPECT_EQ(g.room, BUFFER_SIZE);
}

TEST_F(Gait, TakesNoPartOfAMessageAnyMoreAfterOneThatWasLongerThanTheBuffer)
{
    take(BUFFER_SIZE + 1);
    take(BUFFER_SIZE, 100);
    take(10, 100);

    EXPECT_EQ(g.room, 0u);
}

TEST_F(Gait, OfABufferThatIsSmallerThanAShortReadNeverReadsMore)
{
    gait_init(&g, 64, true);
    EXPECT_EQ(g.room, 64u);

    take(65);

    EXPECT_EQ(g.room, 0u);
}

TEST_F(Gait, IsLongAtOnceWhereAReadOfNoBytesDoesNotWait)
{
    gait_init(&g, BUFFER_SIZE, false);

    take(BUFFER_SIZE * 2);
    EXPECT_EQ(g.room, BUFFER_SIZE);
    take(10, 16);

    EXPECT_EQ(g.room, DWORD(READ_SHORT));
}

TEST_F(Gait, OfAStreamIsLongWhenAReadWasFull)
{
    gait_init(&g, BUFFER_SIZE, false);

    gait_took(&g, 100, true);

    EXPECT_EQ(g.room, BUFFER_SIZE);
}

TEST_F(Gait, OfWholeReadsNeitherShrinksNorRests)
{
    gait_init_whole(&g, BUFFER_SIZE);
    EXPECT_EQ(g.room, BUFFER_SIZE);

    take(10, 100);
    take(BUFFER_SIZE * 2, 5);

    EXPECT_EQ(g.room, BUFFER_SIZE);
    EXPECT_NE(g.kind, GAIT_LONG);
}
