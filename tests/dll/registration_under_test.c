/* The DLL's registration inside the test's own program, where its calls to the registry can be replaced. */

#include "dll/registry.c"

#include "dll/registration.c"
