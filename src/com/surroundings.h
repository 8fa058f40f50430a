/* surroundings.h: where the library runs, for Diagnose: program, process, Windows, apartment. Any thread. */

#ifndef COM_SURROUNDINGS_H
#define COM_SURROUNDINGS_H

#include "com/page.h"

/* Writes rows about the program, the process, Windows and the calling thread. What cannot be found out says so. */
void surroundings_write(page *p);

/* Writes a row about an apartment: that of the STA of `thread`, or the MTA if `is_sta` is false. */
void surroundings_write_apartment(page *p, const WCHAR *name, DWORD thread, bool is_sta);

#endif
