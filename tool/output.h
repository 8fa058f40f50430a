/* output.h: the standard output and the standard error: UTF-16 to a console, UTF-8 to a file or a pipe, whatever the
 * code page of the console is.
 *
 * Any thread may call everything here. What one call writes stands together. A call blocks while nobody takes what is
 * written. Where the standard output can no longer be written, the command is asked to stop (stop.h). */

#ifndef TOOL_OUTPUT_H
#define TOOL_OUTPUT_H

#include "json/text_builder.h"

typedef enum output_stream
{
    OUTPUT_RESULTS, /* the standard output */
    OUTPUT_REMARKS  /* the standard error: what is said about the command and no script reads */
} output_stream;

/* Writes the text and frees it: the builder is empty then. A text that lacks memory is not written; a sentence is. */
void output_write(output_stream stream, text_builder *text);

/* The same with a line end behind it. */
void output_line(output_stream stream, text_builder *text);

/* Writes bytes as they are to the standard output. */
void output_bytes(const BYTE *data, size_t size);

/* One line to the standard error, with the name of the program in front. */
void output_complaint(const WCHAR *sentence);
void output_complaint_of(text_builder *sentence); /* and frees it */

/* Whether people look at it. */
bool output_is_console(output_stream stream);

/* Whether all could be written to the standard output. */
bool output_is_whole(void);

#endif
