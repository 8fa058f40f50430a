/* symptoms.h: all that Diagnose tells of a server or a manager, taken at one moment. Any thread, in every state of the
 * object; no lock is held while anything blocks, and nothing of the consumer's is called. */

#ifndef COM_SYMPTOMS_H
#define COM_SYMPTOMS_H

#include "com/endpoint.h"
#include "com/registered.h"
#include "com/runtime.h"
#include "com/source.h"

#include "pipe/survey.h"

enum
{
    SYMPTOMS_CONNECTIONS = 20, /* so many connections are told one by one */
    SYMPTOMS_SINKS = 8         /* and so many sinks */
};

/* What is diagnosed; its memory is held by the caller. */
typedef struct diagnosis_subject
{
    host *host;
    settings *settings;
    source *source; /* of a server; NULL: a manager's connections have their own */
    bool is_server;
} diagnosis_subject;

/* A handler, or an EventSink. */
typedef struct sink_view
{
    bool is_named; /* EventSink */
    bool is_agile;
    bool is_bound;           /* called on its own thread alone */
    WCHAR why[RUNTIME_NAME]; /* the module or the window class that tells so; "": it is another apartment's */
    DWORD home;              /* its thread; 0: the MTA */
} sink_view;

typedef struct symptoms
{
    const diagnosis_subject *subject;
    settings settings; /* copied; owned */
    WCHAR *library;    /* path of this module; owned; NULL: not known */
    registered registered;
    tracing_view trace;
    BSTR event_error, start_failure; /* owned; NULL: none */

    bool is_running;
    queue_way way; /* of the run, or what the next would have */
    engine_survey engine;
    queue_survey queue;
    traffic carried;
    LONGLONG clients_ever;

    unsigned sink_count; /* all of them; the first are in `sinks` */
    sink_view sinks[SYMPTOMS_SINKS];
    unsigned connection_count; /* those in `connections`, each held */
    bool has_more_connections;
    endpoint *connections[SYMPTOMS_CONNECTIONS];

    const WCHAR *basic; /* see break_mode_module */
    bool is_basic_asked, is_basic_stopped;
} symptoms;

/* Fails if memory is too short for the settings. Call symptoms_fini in any case. */
HRESULT symptoms_take(const diagnosis_subject *subject, symptoms *out);
void symptoms_fini(symptoms *s);

#endif
