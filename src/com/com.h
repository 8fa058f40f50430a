/* com.h: Windows' COM headers and the header of our contract, once, with the C forms of calls (IFoo_Method). Include
 * it before anything else of com. */

#ifndef COM_COM_H
#define COM_COM_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#ifndef CONST_VTABLE
#define CONST_VTABLE /* lpVtbl points to const: our tables are */
#endif

#include "base/win32.h"

#include <ole2.h>
#include <oleauto.h>
#include <ocidl.h>
#include <olectl.h>

#include "NamedPipeServer.h"

#endif
