/* version.h: the version of the library, in one place, for the property Version and the VERSIONINFO of the DLL.
 *
 * The resource compiler reads this file, too: it may have only #defines. */

#ifndef COM_VERSION_H
#define COM_VERSION_H

#define VERSION "1.0.0"
#define VERSION_NUMBERS 1, 0, 0, 0

#endif
