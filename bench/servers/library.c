/* library MODE DLL PIPE ROLE [SIZE [TOTAL]]: this library in a C program, early bound, without registration.
 * The modes: free (free-threaded events), window, wait-sta and wait-mta (WaitEvent in either apartment). All properties
 * but FreeThreadingEvents keep their defaults. */

#include "library_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(HRESULT result, const char *what)
{
    if (SUCCEEDED(result))
        return;
    fprintf(stderr, "library: %s: %08lx\n", what, (unsigned long)result);
    exit(2);
}

/* As COM would create it, had the DLL been registered. */
static INamedPipeServer *create(const char *dll)
{
    typedef HRESULT(WINAPI * get_class_object)(REFCLSID, REFIID, void **);
    union
    {
        FARPROC address;
        get_class_object function;
    } entry;
    IClassFactory *factory;
    INamedPipeServer *server;
    HMODULE module = LoadLibraryA(dll);

    must(module ? S_OK : HRESULT_FROM_WIN32(GetLastError()), dll);
    entry.address = GetProcAddress(module, "DllGetClassObject");
    must(entry.address ? S_OK : E_FAIL, "DllGetClassObject");
    must(entry.function(&CLSID_NamedPipeServer, &IID_IClassFactory, (void **)&factory), "class factory");
    must(IClassFactory_CreateInstance(factory, NULL, &IID_INamedPipeServer, (void **)&server), "CreateInstance");
    IClassFactory_Release(factory);
    return server;
}

static void connect_sink(INamedPipeServer *server)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point;
    DWORD cookie;

    must(INamedPipeServer_QueryInterface(server, &IID_IConnectionPointContainer, (void **)&container), "container");
    must(IConnectionPointContainer_FindConnectionPoint(container, &DIID__INamedPipeServerEvents, &point), "point");
    must(IConnectionPoint_Advise(point, (IUnknown *)library_sink(), &cookie), "Advise");
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
}

static void meet_event(INamedPipeEvent *event)
{
    NamedPipeEventKind kind;
    IDispatch *connection;
    VARIANT data;

    must(INamedPipeEvent_get_Kind(event, &kind), "Kind");
    if (kind != NamedPipeEventClientMessageReceived)
        return;
    V_VT(&data) = VT_ARRAY | VT_UI1;
    must(INamedPipeEvent_get_Connection(event, &connection), "Connection");
    must(INamedPipeEvent_get_Data(event, &V_ARRAY(&data)), "Data");
    library_meet(connection, &data);
    VariantClear(&data);
    IDispatch_Release(connection);
}

static void wait_for_events(INamedPipeServer *server)
{
    INamedPipeEvent *event;

    for (;;)
    {
        must(INamedPipeServer_WaitEvent(server, -1, &event), "WaitEvent");
        meet_event(event);
        INamedPipeEvent_Release(event);
    }
}

static void dispatch_messages(void)
{
    MSG message;

    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
}

int main(int argc, char **argv)
{
    WCHAR name[MAX_PATH];
    INamedPipeServer *server;
    bool free_threaded, waits, in_mta;

    if (argc < 5)
        return 2;
    free_threaded = strcmp(argv[1], "free") == 0;
    waits = strncmp(argv[1], "wait-", 5) == 0;
    in_mta = free_threaded || strcmp(argv[1], "wait-mta") == 0;
    must(CoInitializeEx(NULL, in_mta ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED), "CoInitializeEx");
    server = create(argv[2]);
    library_sink_init(server, argc - 4, argv + 4);
    MultiByteToWideChar(CP_UTF8, 0, argv[3], -1, name, MAX_PATH);
    must(INamedPipeServer_put_PipeName(server, SysAllocString(name)), "PipeName");
    must(INamedPipeServer_put_FreeThreadingEvents(server, free_threaded ? VARIANT_TRUE : VARIANT_FALSE), "threading");
    if (!waits)
        connect_sink(server);
    must(INamedPipeServer_Start(server), "Start");
    if (waits)
        wait_for_events(server);
    else if (free_threaded)
        Sleep(INFINITE); /* the workers do it all; whoever started this ends it */
    else
        dispatch_messages();
    return 0;
}
