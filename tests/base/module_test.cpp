extern "C" {
#include "base/module.h"
}

#include "support/leaks.h"

#include <gtest/gtest.h>

namespace
{

class Module : public ::testing::Test
{
    leak_check leaks;
};

TEST_F(Module, IsTheOneThatItsCodeIsIn)
{
    EXPECT_EQ(module_instance(), GetModuleHandleW(nullptr));
}

/* Whether it stays loaded is seen where there is a DLL to unload. */
TEST_F(Module, IsHeldByAReference)
{
    HMODULE module = nullptr;

    ASSERT_TRUE(module_hold(&module));

    EXPECT_EQ(module, GetModuleHandleW(nullptr));
    FreeLibrary(module);
}

TEST_F(Module, TellsItsPath)
{
    WCHAR expected[1024], *path = module_path();

    ASSERT_NE(path, nullptr);
    GetModuleFileNameW(nullptr, expected, ARRAYSIZE(expected));
    EXPECT_STREQ(path, expected);
    mem_free(path);
}

} // namespace
