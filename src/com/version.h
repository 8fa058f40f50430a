/* version.h: the version of the library, in one place, for the property Version and the VERSIONINFO of the DLL.
 *
 * The resource compiler reads this file, too: it may have only #defines. */

#ifndef COM_VERSION_H
#define COM_VERSION_H

#define VERSION "1.0.0"
#define VERSION_NUMBERS 1, 0, 0, 0

/* "1.0.0 x64", for the program. */
#define VERSION_WIDEN_(text) L##text
#define VERSION_WIDEN(text) VERSION_WIDEN_(text)
#ifdef _WIN64
#define VERSION_WITH_BITNESS VERSION_WIDEN(VERSION) L" x64"
#else
#define VERSION_WITH_BITNESS VERSION_WIDEN(VERSION) L" x86"
#endif

#endif
