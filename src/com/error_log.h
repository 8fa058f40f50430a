/* error_log.h: the last errors of the library's objects in this process, for Diagnose: members that failed, error
 * events, handlers that failed, traces that ended.
 *
 * The log is the process's, not an object's: an object that failed may be gone when somebody asks, and which member of
 * which class failed says whose error it was. It needs no memory but its own. Any thread may call everything here. */

#ifndef COM_ERROR_LOG_H
#define COM_ERROR_LOG_H

#include "com/com.h"

enum
{
    ERROR_LOG_MOST = 20,
    ERROR_LOG_PLACE = 80,    /* characters of a place, with the end; a longer one is cut */
    ERROR_LOG_SENTENCE = 400 /* the same of a sentence */
};

/* Where an error was. */
typedef struct error_place
{
    const WCHAR *kind; /* "server" or "manager"; NULL: not known */
    LONG number;       /* of that object */
    LONG connection;   /* of the object; 0: none */
    const WCHAR *what; /* member, event or handler */
} error_place;

typedef struct error_entry_view
{
    SYSTEMTIME at;  /* local; of the last time */
    unsigned times; /* in a row */
    LONG number;    /* as Err.Number or the event has it */
    WCHAR place[ERROR_LOG_PLACE];
    WCHAR sentence[ERROR_LOG_SENTENCE];
} error_entry_view;

/* Notes an error. The same one as before, at the same place, only counts. */
void error_log_add(const error_place *place, LONG number, const WCHAR *sentence);
/* Notes the failure of a method by its function, such as NamedPipeServer_get_PipeName: "NamedPipeServer.PipeName". */
void error_log_add_function(const char *function, LONG number, const WCHAR *sentence);

/* Gives the entry `index`; 0 is the newest. False: there are not so many. */
bool error_log_get(unsigned index, error_entry_view *out);

#endif
