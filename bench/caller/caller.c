/* bench_caller KIND DLL SIZE LIMIT ROUNDS PIPE: Calls of this library against an echo server, in turn with what Windows
 * itself has for the same, and lines of JSON as bench_client's: pipe 0 is Windows', pipe 1 the library's.
 *
 *   call         CallNamedPipe, and Call of a manager: open, ask, close
 *   connection   WriteFile and ReadFile on an open pipe, and Call of a connection
 *
 * Ends with 1 and a line where an answer is wrong. */

#define COBJMACROS
#include "link.h"
#include "sample.h"

#include <ole2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "NamedPipeServer.h"

static DWORD size;
static char path[MAX_PATH];
static const char *name;
static BSTR wide_name, here;
static link *raw;
static INamedPipeClientManager *manager;
static INamedPipeClientConnection *connection;
static VARIANT message;

static void must(HRESULT result, const char *what)
{
    if (FAILED(result))
        link_fail(what, (DWORD)result);
}

static void fill(DWORD number)
{
    BYTE *data = V_ARRAY(&message)->pvData;

    memset(data, (int)(number % 253 + 1), size);
    memcpy(data, &number, sizeof(number));
}

static void check(const void *answer, DWORD bytes)
{
    if (bytes != size || memcmp(answer, V_ARRAY(&message)->pvData, size) != 0)
        link_fail("an answer is not what was sent", bytes);
}

static void check_array(SAFEARRAY *answer)
{
    check(answer->pvData, answer->rgsabound[0].cElements);
    SafeArrayDestroy(answer);
}

static void windows_call(void)
{
    static BYTE answer[65536];
    DWORD bytes;

    if (!CallNamedPipeA(path, V_ARRAY(&message)->pvData, size, answer, sizeof(answer), &bytes, 30000))
        link_fail("CallNamedPipe", GetLastError());
    check(answer, bytes);
}

static void manager_call(void)
{
    SAFEARRAY *answer;

    must(INamedPipeClientManager_Call(manager, wide_name, message, 30000, here, &answer), "Call of a manager");
    check_array(answer);
}

static void windows_exchange(void)
{
    if (!raw)
        raw = link_open(name, size);
    memcpy(raw->out, V_ARRAY(&message)->pvData, size);
    link_write(raw, size);
    link_read(raw, size);
    link_settle(raw);
    check(raw->in, raw->have);
}

static void connection_call(void)
{
    SAFEARRAY *answer;

    if (!connection)
        must(INamedPipeClientManager_Connect(manager, wide_name, 30000, here, &connection), "Connect");
    must(INamedPipeClientConnection_Call(connection, message, 30000, &answer), "Call of a connection");
    check_array(answer);
}

static INamedPipeClientManager *create_manager(const char *dll)
{
    typedef HRESULT(WINAPI * get_class_object)(REFCLSID, REFIID, void **);
    union
    {
        FARPROC address;
        get_class_object function;
    } entry;
    HMODULE module = LoadLibraryA(dll);
    IClassFactory *factory;
    void *made;

    entry.address = module ? GetProcAddress(module, "DllGetClassObject") : NULL;
    if (!entry.address)
        link_fail(dll, GetLastError());
    must(entry.function(&CLSID_NamedPipeClientManager, &IID_IClassFactory, (void **)&factory), "class factory");
    must(IClassFactory_CreateInstance(factory, NULL, &IID_INamedPipeClientManager, &made), "CreateInstance");
    IClassFactory_Release(factory);
    return made;
}

static void measure(void (*const ways[2])(void), sample_limit limit, int rounds)
{
    int round, way;
    sample s;

    for (round = 0; round < rounds; round++)
    {
        for (way = 0; way < 2; way++)
        {
            fill(0);
            ways[way](); /* the first waits for a server that has just started */
            sample_begin(&s, way, round);
            while (sample_goes_on(&s, &limit))
            {
                fill(++s.messages);
                ways[way]();
            }
            sample_end(&s);
        }
    }
}

int main(int argc, char **argv)
{
    static void (*const ways[2][2])(void) = {{windows_call, manager_call}, {windows_exchange, connection_call}};
    WCHAR wide[MAX_PATH];

    if (argc != 7)
    {
        fprintf(stderr, "usage: bench_caller call|connection DLL SIZE LIMIT ROUNDS PIPE\n");
        return 2;
    }
    size = strtoul(argv[3], NULL, 10);
    name = argv[6];
    snprintf(path, sizeof(path), "\\\\.\\pipe\\%s", name);
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, MAX_PATH);
    wide_name = SysAllocString(wide);
    here = SysAllocString(L".");
    must(CoInitializeEx(NULL, COINIT_MULTITHREADED), "CoInitializeEx");
    manager = create_manager(argv[2]);
    V_VT(&message) = VT_ARRAY | VT_UI1;
    V_ARRAY(&message) = SafeArrayCreateVector(VT_UI1, 0, size);
    if (!V_ARRAY(&message))
        return 2;
    link_close(link_open(name, 4)); /* until there is a server */
    measure(ways[strcmp(argv[1], "connection") == 0], sample_limit_of(argv[4]), atoi(argv[5]));
    return 0;
}
