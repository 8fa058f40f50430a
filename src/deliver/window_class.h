/* window_class.h: the window class of the hidden windows.
 *
 * The class is registered as long as there is a window: a module that is unloaded must not leave a class behind. Any
 * thread may call everything here; nothing blocks. */

#ifndef DELIVER_WINDOW_CLASS_H
#define DELIVER_WINDOW_CLASS_H

#include "base/win32.h"

#define WINDOW_CLASS L"NamedPipeServer.ThreadWindow"

/* Counts a window, and registers the class for the first. Returns false, and counts nothing, if the class cannot be
 * registered. */
bool window_class_hold(HMODULE module, WNDPROC procedure);

/* Counts a window less. The last unregisters the class. */
void window_class_release(HMODULE module);

/* Returns how many windows of this module are left in the process, also windows of ended threads and windows that are
 * about to be destroyed. Each holds a reference on this module: the module must not be unloaded while this is not 0. */
unsigned window_class_count(void);

#endif
