/* Read buffers as a handler's array: what handlers may do with theirs, and what becomes of the buffer. */

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"

extern "C" {
#include "com/buffers.h"
#include "com/bytes.h"
}

#include <gtest/gtest.h>

#include <thread>

namespace
{

using numbers = std::vector<int>;

class Buffers : public testing::Test
{
  protected:
    static constexpr DWORD SIZE = 1024;

    com_leak_check leaks;
    buffers pool;

    void SetUp() override
    {
        buffers_init(&pool, SIZE);
    }

    void TearDown() override
    {
        buffers_fini(&pool);
        EXPECT_TRUE(heaps_are_valid());
    }

    /* A buffer with the message 1, 2, 3. */
    buffer *received(DWORD size = SIZE)
    {
        buffer *b = pool.source.alloc(&pool.source, size);

        memcpy(b->data, "\1\2\3", 3);
        return b;
    }
};

/* ---- the pool ---- */

TEST_F(Buffers, HaveTheSizeThatWasAskedFor)
{
    buffer *b = pool.source.alloc(&pool.source, 5000);

    EXPECT_EQ(b->capacity, 5000u);
    memset(b->data, 0xCC, 5000);
    pool.source.free(&pool.source, b);
}

TEST_F(Buffers, OfThePoolsSizeAreUsedAgain)
{
    buffer *b = pool.source.alloc(&pool.source, SIZE);
    BYTE *data = b->data;
    pool.source.free(&pool.source, b);

    buffer *again = pool.source.alloc(&pool.source, SIZE);

    EXPECT_EQ(again->data, data);
    pool.source.free(&pool.source, again);
}

TEST_F(Buffers, OfShortReadsAreUsedAgain)
{
    buffer *b = pool.source.alloc(&pool.source, READ_SHORT);
    BYTE *data = b->data;
    pool.source.free(&pool.source, b);

    buffer *again = pool.source.alloc(&pool.source, READ_SHORT);

    EXPECT_EQ(again->data, data);
    pool.source.free(&pool.source, again);
    EXPECT_EQ(pool.shelves[0].count, 1u);
    EXPECT_EQ(pool.shelves[1].count, 0u);
}

TEST_F(Buffers, OfAnotherSizeAreNotKept)
{
    pool.source.free(&pool.source, pool.source.alloc(&pool.source, SIZE * 3));

    EXPECT_EQ(pool.shelves[0].count, 0u);
    EXPECT_EQ(pool.shelves[1].count, 0u);
}

TEST_F(Buffers, AreKeptUpToALimit)
{
    std::vector<buffer *> all(BUFFERS_SPARE + 10);
    for (buffer *&b : all)
        b = pool.source.alloc(&pool.source, SIZE);

    for (buffer *b : all)
        pool.source.free(&pool.source, b);

    EXPECT_EQ(pool.shelves[1].count, static_cast<unsigned>(BUFFERS_SPARE));
}

TEST_F(Buffers, AreThereForManyThreads)
{
    auto use = [this]
    {
        for (int i = 0; i < 2000; i++)
        {
            buffer *one = pool.source.alloc(&pool.source, SIZE), *other = pool.source.alloc(&pool.source, SIZE);

            pool.source.free(&pool.source, one);
            pool.source.free(&pool.source, other);
        }
    };

    std::thread first(use), second(use);
    first.join();
    second.join();

    EXPECT_LE(pool.shelves[1].count, 4u);
}

/* ---- lending ---- */

TEST_F(Buffers, AreLentAsAnArrayOfTheMessageAlone)
{
    buffer *b = received();

    SAFEARRAY *array = buffers_lend(b, 3);

    EXPECT_EQ(elements_of(array), (numbers{1, 2, 3}));
    EXPECT_EQ(array->pvData, b->data);
    buffers_take_back(&pool, b, array);
}

TEST_F(Buffers, AreLentAsAnEmptyArrayForAnEmptyMessage)
{
    buffer *b = received();
    LONG upper = 99;

    SAFEARRAY *array = buffers_lend(b, 0);

    ASSERT_EQ(SafeArrayGetUBound(array, 1, &upper), S_OK);
    EXPECT_EQ(upper, -1);
    buffers_take_back(&pool, b, array);
}

TEST_F(Buffers, AreAsLargeAsBeforeWhenTheyComeBack)
{
    buffer *b = received();
    buffers_take_back(&pool, b, buffers_lend(b, 3));

    buffer *again = pool.source.alloc(&pool.source, SIZE);
    SAFEARRAY *array = buffers_lend(again, SIZE);

    EXPECT_EQ(again, b);
    EXPECT_EQ(elements_of(array).size(), SIZE);
    buffers_take_back(&pool, again, array);
}

TEST_F(Buffers, AreGivenAwayForGood)
{
    SAFEARRAY *array = buffers_detach(received(), 3);

    EXPECT_EQ(elements_of(array), (numbers{1, 2, 3}));
    EXPECT_EQ(SafeArrayDestroy(array), S_OK);
}

/* ---- what handlers do ----
 *
 * Each gets `slot`, as its parameter Data() is one, and does something to it. The fixture's leak check says whether
 * all was freed, and once. */

class HandlersData : public Buffers
{
  protected:
    buffer *lent = nullptr;
    SAFEARRAY *slot = nullptr;

    void SetUp() override
    {
        Buffers::SetUp();
        lent = received();
        slot = buffers_lend(lent, 3);
    }

    void come_back()
    {
        buffers_take_back(&pool, lent, slot);
    }

    void redim(ULONG count)
    {
        SAFEARRAYBOUND bound = {count, 0};

        ASSERT_EQ(SafeArrayRedim(slot, &bound), S_OK);
    }

    bool buffer_was_kept() const
    {
        return pool.shelves[1].count == 1;
    }
};

TEST_F(HandlersData, ThatWasOnlyReadComesBack)
{
    EXPECT_EQ(elements_of(slot), (numbers{1, 2, 3}));

    come_back();

    EXPECT_TRUE(buffer_was_kept());
}

TEST_F(HandlersData, WhoseElementsWereChangedComesBack)
{
    LONG index = 1;
    BYTE value = 77;
    SafeArrayPutElement(slot, &index, &value);

    come_back();

    EXPECT_TRUE(buffer_was_kept());
}

TEST_F(HandlersData, ThatWasCopiedComesBackAndTheCopyIsTheHandlers)
{
    SAFEARRAY *copy;
    SafeArrayCopy(slot, &copy);

    come_back();

    EXPECT_TRUE(buffer_was_kept());
    EXPECT_EQ(elements_of(copy), (numbers{1, 2, 3}));
    SafeArrayDestroy(copy);
}

TEST_F(HandlersData, ThatWasMadeSmallerIsDestroyed)
{
    redim(1);

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

TEST_F(HandlersData, ThatWasMadeLargerIsDestroyed)
{
    redim(100000);

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

TEST_F(HandlersData, ThatWasMadeLargerWithinTheBufferIsDestroyed)
{
    redim(SIZE);

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

TEST_F(HandlersData, ThatWasErasedIsGone)
{
    SafeArrayDestroy(slot);
    slot = nullptr;

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

TEST_F(HandlersData, ThatWasTakenAwayIsTheHandlers)
{
    SAFEARRAY *kept = slot;
    slot = nullptr;

    come_back();

    EXPECT_EQ(elements_of(kept), (numbers{1, 2, 3}));
    EXPECT_EQ(SafeArrayDestroy(kept), S_OK);
}

TEST_F(HandlersData, ThatWasReplacedIsFreedByTheHandlerAndTheNewOneByUs)
{
    SafeArrayDestroy(slot);
    slot = make_array<BYTE>(VT_UI1, {9, 9});

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

TEST_F(HandlersData, WhoseMemoryWasReplacedIsDestroyed)
{
    SAFEARRAY *other = bytes_to_array(std::string(SIZE, 'x').data(), SIZE);
    std::swap(slot->pvData, other->pvData);

    come_back();

    EXPECT_FALSE(buffer_was_kept());
    SafeArrayDestroy(other);
}

TEST_F(HandlersData, WithAnotherLowerBoundIsDestroyed)
{
    slot->rgsabound[0].lLbound = 1;

    come_back();

    EXPECT_FALSE(buffer_was_kept());
}

/* Whoever locked it may still look at it. */
TEST_F(HandlersData, ThatWasLeftLockedIsLeftAlone)
{
    SAFEARRAY *locked = slot;
    SafeArrayLock(slot);

    come_back();

    EXPECT_FALSE(buffer_was_kept());
    EXPECT_EQ(elements_of(locked), (numbers{1, 2, 3}));
    SafeArrayUnlock(locked);
    EXPECT_EQ(SafeArrayDestroy(locked), S_OK);
}

/* .NET 10 leaves the first bytes of an array where its pointer was; the array itself is lost then. */
TEST_F(HandlersData, ThatIsNoPointerAnyMoreIsNotTouched)
{
    SAFEARRAY *lost = slot;
    slot = reinterpret_cast<SAFEARRAY *>(static_cast<uintptr_t>(0x0000000100800001));

    come_back();

    EXPECT_FALSE(buffer_was_kept());
    SafeArrayDestroy(lost);
}

} // namespace
