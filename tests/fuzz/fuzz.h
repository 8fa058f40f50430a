/* fuzz.h: what targets share. A target is a file of this folder that defines LLVMFuzzerTestOneInput. */

#ifndef FUZZ_H
#define FUZZ_H

#include <windows.h>

#include <stdbool.h>

/* Ends the program and says what is wrong, if `holds` is false: libFuzzer keeps the input then. */
void promise(bool holds, const char *what);

/* Characters that begin where memory begins and end where it ends, so that AddressSanitizer sees each step beyond. */
typedef struct text
{
    WCHAR *characters; /* no NUL needs to follow */
    size_t length;
} text;

/* Makes a text of bytes: those of ASCII stand for themselves, others for characters of all parts of Unicode. Free it
 * with text_free. */
text text_of(const BYTE *data, size_t size);
void text_free(text t);

/* Takes the bytes before the first end of a line from the front of an input; all if there is none. */
text take_line(const BYTE **data, size_t *size);

/* For ASCII, in any case. */
bool text_is(const WCHAR *characters, size_t length, const char *word);

#endif
