#include "support/com/vba6.h"

#include "test_paths.h"

#include <gtest/gtest.h>

namespace
{

template <typename Function> Function find(HMODULE dll, const char *name)
{
    return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(GetProcAddress(dll, name)));
}

} // namespace

hosted_vba6::hosted_vba6() : dll(LoadLibraryW(TEST_BUILD_FOLDER L"\\tests\\vb6\\vba6.dll"))
{
    EXPECT_NE(dll, nullptr);
    set_mode(1);
}

hosted_vba6::~hosted_vba6()
{
    FreeLibrary(dll);
}

void hosted_vba6::set_mode(int mode)
{
    find<void (*)(int)>(dll, "SetEbMode")(mode);
}

LONG hosted_vba6::times_asked() const
{
    return find<LONG (*)()>(dll, "TimesAsked")();
}

DWORD hosted_vba6::asked_on() const
{
    return find<DWORD (*)()>(dll, "AskedOn")();
}
