/* files.h: whole files: what is sent, and what an answer is written to. Any thread. */

#ifndef TOOL_FILES_H
#define TOOL_FILES_H

#include "tool/bytes.h"

/* Appends what is in a file; `-` is the standard input, to its end. False after a complaint. */
bool files_read(const WCHAR *path, bytes *out);

/* A file that is to be written anew. One thread at a time. */
typedef struct out_file
{
    const WCHAR *path; /* its opener's */
    HANDLE handle;
    bool is_new; /* it was not there before */
} out_file;

/* Opens it for writing; what it holds stays until files_write. False after a complaint. */
bool files_open(out_file *f, const WCHAR *path);

/* Writes all of it. False after a complaint. */
bool files_write(out_file *f, const BYTE *data, size_t size);

/* With `keep` false, one that was not there before is deleted again. */
void files_close(out_file *f, bool keep);

#endif
