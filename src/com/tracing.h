/* tracing.h: what a server or a manager writes into its trace: TraceFile, TraceData, and the environment's
 * NAMEDPIPESERVER_TRACE, which counts for each object that has no TraceFile of its own.
 *
 * While no trace is written, an event costs the look of tracing_is_on. A trace that cannot be written ends, with a
 * sentence for Diagnose and the debugger, and nothing else fails.
 *
 * Any thread may call everything here, with no lock held. What is put acts at once. */

#ifndef COM_TRACING_H
#define COM_TRACING_H

#include "com/trace_file.h"

#include "base/lock.h"

typedef struct tracing
{
    volatile LONG on; /* acquire, release; not 0: lines are written */
    const WCHAR *kind;
    LONG number; /* of the object; with `kind` its name, such as "server 1" */
    lock lock;
    BSTR path GUARDED_BY(lock); /* TraceFile, as it was put; owned; NULL: "" */
    VARIANT_BOOL data GUARDED_BY(lock);
    trace_file *file GUARDED_BY(lock); /* held; NULL: nothing is written */
    trace_end end GUARDED_BY(lock);    /* why nothing is written though there is a path */
    DWORD code GUARDED_BY(lock);       /* the Win32 code of that */
} tracing;

/* One line; what it does not have is 0. */
typedef struct trace_line
{
    const WCHAR *what; /* such as "received" */
    LONG connection;
    bool has_bytes; /* the column is not empty */
    DWORD bytes;
    LONG error;        /* as the error event or Err.Number has it */
    const WCHAR *more; /* a name, a path, a sentence; line ends in it become blanks */
    const void *data;  /* of a message; its beginning is written if TraceData says so */
    DWORD size;        /* bytes of the data */
} trace_line;

/* Initializes the tracing of an object in zeroed memory. `kind` stays; `number` counts the objects of the process.
 * Begins to write if the environment says so. */
void tracing_init(tracing *t, const WCHAR *kind);
void tracing_fini(tracing *t);

static inline bool tracing_is_on(const tracing *t)
{
    return LOAD_ACQUIRE(&t->on) != 0;
}

/* Writes the line, if a trace is written. */
void tracing_write(tracing *t, const trace_line *line);

/* The properties. */
HRESULT tracing_get_file(tracing *t, BSTR *value);
HRESULT tracing_put_file(tracing *t, BSTR value);
HRESULT tracing_get_data(tracing *t, VARIANT_BOOL *value);
HRESULT tracing_put_data(tracing *t, VARIANT_BOOL value);

/* Returns the sentence about a trace at `path` that has ended: what happened and what to do. Free it with
 * SysFreeString; NULL: memory is short. */
BSTR tracing_describe(const WCHAR *path, trace_end end, DWORD code);

/* What Diagnose tells of it. */
typedef struct tracing_view
{
    WCHAR *path;         /* of the file, in full where it is open; free it with mem_free; NULL: none is wanted */
    bool is_environment; /* NAMEDPIPESERVER_TRACE names it */
    bool data;
    trace_end end;
    DWORD code;
} tracing_view;

void tracing_look(tracing *t, tracing_view *out);

#endif
