/* findings.h: what looks wrong with a server or a manager, and what to do about it. */

#ifndef COM_FINDINGS_H
#define COM_FINDINGS_H

#include "com/page.h"
#include "com/symptoms.h"

/* Writes an item for each thing that looks wrong. Returns how many there are. */
unsigned findings_write(page *p, const symptoms *s);

#endif
