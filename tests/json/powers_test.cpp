/* The table of powers of ten is what exact arithmetic gives. */

extern "C" {
#include "json/big.h"
#include "json/powers.h"
}

#include <gtest/gtest.h>

namespace
{

/* Whether power times 2^exponent is not less than 10^ten, and (power - 1) times that is less. */
bool is_rounded_up(power_of_ten power, int ten)
{
    const int exponent = power_of_ten_bits(ten) - 127;
    big left[2], right;

    for (int less = 0; less < 2; less++)
    {
        const uint64_t low = power.low - less, high = power.high - (power.low < static_cast<uint64_t>(less));

        big_set(&left[less], high);
        big_shift_left(&left[less], 32);
        big_multiply_add(&left[less], 1, static_cast<uint32_t>(low >> 32));
        big_shift_left(&left[less], 32);
        big_multiply_add(&left[less], 1, static_cast<uint32_t>(low));
        if (ten < 0)
            big_multiply_by_power_of_five(&left[less], static_cast<unsigned>(-ten));
        if (exponent > ten)
            big_shift_left(&left[less], static_cast<unsigned>(exponent - ten));
    }
    big_set(&right, 1);
    if (ten > 0)
        big_multiply_by_power_of_five(&right, static_cast<unsigned>(ten));
    if (exponent < ten)
        big_shift_left(&right, static_cast<unsigned>(ten - exponent));
    return big_compare(&left[0], &right) >= 0 && big_compare(&left[1], &right) < 0 &&
           power_of_ten_is_exact(ten) == (big_compare(&left[0], &right) == 0);
}

} // namespace

TEST(Powers, EachIsTheExactOneRoundedUp)
{
    for (int ten = POWER_LOWEST; ten <= POWER_HIGHEST; ten++)
    {
        const power_of_ten power = power_of_ten_get(ten);

        EXPECT_EQ(power.high >> 63, 1u) << ten;
        EXPECT_TRUE(is_rounded_up(power, ten)) << ten;
    }
}

TEST(Powers, AProductHas128Bits)
{
    uint64_t low = 0;

    EXPECT_EQ(multiply_wide(0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, &low), 0xFFFFFFFFFFFFFFFEu);
    EXPECT_EQ(low, 1u);
    EXPECT_EQ(multiply_wide(0x123456789ABCDEF0, 0x0FEDCBA987654321, &low), 0x121FA00AD77D742u);
    EXPECT_EQ(low, 0x2236D88FE5618CF0u);
}
