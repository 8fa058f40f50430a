/* script_host.h: a host for scripts, as Windows' cscript is one, events included: Wine's cscript lacks them.
 *
 * One thread, an STA. The host's own objects live as long as the process. */

#ifndef SCRIPT_HOST_H
#define SCRIPT_HOST_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <ocidl.h>
#include <olectl.h>
#include <activscp.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum
{
    MOST_PATH = 1024,
    MOST_NAME = 256
};

/* The script that runs. */
typedef struct script
{
    IActiveScript *engine;
    WCHAR path[MOST_PATH];
    int argument_count;
    WCHAR **arguments;
    int errors; /* printed so far */
} script;

extern script running;

/* The script's WScript; no references. */
extern IDispatch wscript;

/* Runs `text` as the script of running.path, by the engine for its extension, until its end. */
HRESULT script_run(const WCHAR *text);

/* Disconnects its objects and closes the engine. */
void script_close(void);

/* The script's own global procedures and variables; a reference. */
HRESULT script_get_globals(IDispatch **out);

/* From now on what `source` raises calls the script's procedures named `prefix` and the event. */
HRESULT events_connect(IDispatch *source, const WCHAR *prefix);

/* The end of it, for one object (as its IUnknown) or, where that is NULL, for all. */
void events_disconnect(IUnknown *source);

/* Writes UTF-8. */
void print(FILE *file, const WCHAR *text);

/* Methods of IDispatch for objects without type information. */
HRESULT STDMETHODCALLTYPE no_GetTypeInfoCount(IDispatch *iface, UINT *count);
HRESULT STDMETHODCALLTYPE no_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out);

#endif
