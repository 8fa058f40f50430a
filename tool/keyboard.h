/* keyboard.h: lines from the standard input: from the keyboard in any script, from a file or a pipe in UTF-8.
 *
 * One thread. */

#ifndef TOOL_KEYBOARD_H
#define TOOL_KEYBOARD_H

#include "tool/bytes.h"

typedef struct keyboard
{
    HANDLE input;
    bool is_console, ended;
    bytes waiting; /* read and not given out yet */
} keyboard;

void keyboard_init(keyboard *k);
void keyboard_fini(keyboard *k);

/* Waits for the next line and puts it into `out`, in UTF-8 and without its end. False at the end of the input: Ctrl+Z
 * and Enter at the keyboard. The last line counts without an end, too. */
bool keyboard_line(keyboard *k, bytes *out);

#endif
