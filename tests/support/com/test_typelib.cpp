/* The tests' programs have no type library of their own: they read the one beside the DLL. */

#include <windows.h>

#include <ole2.h>

extern "C" {
#include "com/typeinfo.h"
}

#include "test_paths.h"

static const bool path_is_set = []
{
    typeinfo_set_path(TEST_TYPELIB);
    return true;
}();
