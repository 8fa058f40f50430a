/* trace_file.h: a file of lines, one for each event, for a person who looks for a fault.
 *
 * All objects of the process that trace into the same path share one trace_file. Each line is one WriteFile at the end
 * of the file, so several threads and processes may write to it and lines stay whole. A file is written only if it is
 * new, empty or a trace already. The first failure ends the trace: later lines are dropped.
 *
 * Any thread may call everything here, with no lock held. Opening and writing take as long as the file system does. */

#ifndef COM_TRACE_FILE_H
#define COM_TRACE_FILE_H

#include "com/com.h"

typedef struct trace_file trace_file;

/* The first line of a trace: what the columns are. */
#define TRACE_COLUMNS "time\tprocess\tthread\tobject\tconnection\twhat\tbytes\terror\tmore\r\n"

/* Why nothing is written any more. */
typedef enum trace_end
{
    TRACE_GOES_ON,
    TRACE_CANNOT_OPEN,  /* Windows refused, with a code */
    TRACE_IS_NO_FILE,   /* a pipe, a device */
    TRACE_IS_NO_TRACE,  /* it has other content */
    TRACE_IS_TOO_LONG,  /* it has reached trace_file_system.most */
    TRACE_CANNOT_WRITE, /* Windows refused, with a code */
    TRACE_NO_MEMORY
} trace_end;

/* Gives the trace at `path`, with a reference. *out is NULL unless TRACE_GOES_ON; *code is the Win32 code. */
trace_end trace_file_open(const WCHAR *path, trace_file **out, DWORD *code);
trace_file *trace_file_hold(trace_file *f);
/* NULL is allowed. The last release closes the file. */
void trace_file_release(trace_file *f);

/* Writes one line of `size` bytes, with its end. False: the trace has ended. */
bool trace_file_write(trace_file *f, const char *line, DWORD size);

/* Returns whether and why the trace has ended. */
trace_end trace_file_state(trace_file *f, DWORD *code);

/* Returns the path in full; valid as long as `f` is held. */
const WCHAR *trace_file_path(const trace_file *f);

/* The system calls that a test may replace, and the longest trace in bytes. Before the threads that use them start. */
typedef struct trace_file_calls
{
    HANDLE(WINAPI *create_file)
    (const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags,
     HANDLE template_file);
    BOOL(WINAPI *write_file)(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped);
    LONGLONG most;
} trace_file_calls;

extern trace_file_calls trace_file_system;

#endif
