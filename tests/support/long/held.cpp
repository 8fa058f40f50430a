#include "support/long/held.h"

#include "support/leaks.h"

#include <gtest/gtest.h>

#include <windows.h>

held held::now()
{
    held all;

    all.blocks = count_blocks();
    all.handles = count_handles();
    all.threads = count_threads();
    all.heap = static_cast<long long>(count_heap_bytes());
    return all;
}

static std::string more(const char *what, long long now, long long before)
{
    return std::string(what) + (now < before ? " " : " +") + std::to_string(now - before);
}

std::string held::beyond(const held &before) const
{
    return more("handles", handles, before.handles) + ", " + more("threads", threads, before.threads) + ", " +
           more("blocks", blocks, before.blocks) + ", " + more("heap", heap, before.heap);
}

bool held::fits(const held &before, const held &allowance) const
{
    return handles <= before.handles + allowance.handles && threads <= before.threads + allowance.threads &&
           blocks <= before.blocks + allowance.blocks && heap <= before.heap + allowance.heap;
}

held expect_no_growth(const held &before, const held &allowance)
{
    const ULONGLONG until = GetTickCount64() + 10000;
    held last = held::now();

    while (!last.fits(before, allowance) && GetTickCount64() < until)
    {
        Sleep(20); /* nobody tells when a thread has gone */
        last = held::now();
    }
    EXPECT_TRUE(last.fits(before, allowance)) << "it holds more than before: " << last.beyond(before);
    return last;
}
