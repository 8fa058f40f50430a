/* contract.h: the COM headers of Windows and the interfaces of NamedPipeServer.dll, with the C forms of calls
 * (IFoo_Method). Include it before any other COM header. */

#ifndef TOOL_CONTRACT_H
#define TOOL_CONTRACT_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#ifndef CONST_VTABLE
#define CONST_VTABLE /* lpVtbl points to const */
#endif

#include "base/win32.h"

#include <ole2.h>
#include <oleauto.h>
#include <ocidl.h>
#include <olectl.h>

#include "NamedPipeServer.h"

#endif
