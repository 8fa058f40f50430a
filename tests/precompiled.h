/* precompiled.h: what nearly every C++ file of the tests includes and none of ours changes, parsed once for all of
 * them.
 *
 * The build puts it before each file; no file includes it or relies on it. The header of the contract is none of it:
 * whoever does not include that is not built again when the IDL changes. */

#ifndef PRECOMPILED_H
#define PRECOMPILED_H

#define WIN32_LEAN_AND_MEAN /* as base/win32.h has it */
#define COBJMACROS          /* as com/com.h has them */
#define CONST_VTABLE
#include <windows.h>

#include <ole2.h>
#include <olectl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#endif
