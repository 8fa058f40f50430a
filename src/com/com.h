/* com.h: the COM headers of Windows and the header of this library's interfaces, with the C forms of calls
 * (IFoo_Method). Include it before any other COM header. */

#ifndef COM_COM_H
#define COM_COM_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#ifndef CONST_VTABLE
#define CONST_VTABLE /* lpVtbl points to const, as the tables of this module are */
#endif

#include "base/win32.h"

#include <ole2.h>
#include <oleauto.h>
#include <ocidl.h>
#include <olectl.h>

#include "NamedPipeServer.h"

#endif
