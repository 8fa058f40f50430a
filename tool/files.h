/* files.h: whole files: what is sent, and what an answer is written to. Any thread. */

#ifndef TOOL_FILES_H
#define TOOL_FILES_H

#include "tool/bytes.h"

/* Appends what is in a file; `-` is the standard input, to its end. False after a complaint. */
bool files_read(const WCHAR *path, bytes *out);

/* Writes a file anew. False after a complaint. */
bool files_write(const WCHAR *path, const BYTE *data, size_t size);

#endif
