/* version.h: the version of the library, in one place: INamedPipeServer::Version and the DLL's VERSIONINFO have it from
 * here.
 *
 * The resource compiler reads this file too: only #defines. */

#ifndef COM_VERSION_H
#define COM_VERSION_H

#define VERSION "1.0.0"
#define VERSION_NUMBERS 1, 0, 0, 0

#endif
