/* text.h: what else the stand-in does with text of 16-bit characters. */

#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <windows.h>

/* Returns the capital letter of ASCII; other characters stay as they are. */
WCHAR text_capital(WCHAR c);

#endif
