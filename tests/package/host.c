/* host.c: a program with a manifest of the package in it, built with the package's headers. Prints the property
 * Version, with nothing registered. */

#define COBJMACROS
#include <stdio.h>
#include <windows.h>

#include "NamedPipeServer.h"

static HRESULT print_version(INamedPipeServer *server)
{
    BSTR version;
    HRESULT hr = INamedPipeServer_get_Version(server, &version);

    if (SUCCEEDED(hr))
    {
        printf("%ls\n", version);
        SysFreeString(version);
    }
    return hr;
}

int main(void)
{
    INamedPipeServer *server;
    HRESULT hr = CoInitialize(NULL);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_NamedPipeServer, NULL, CLSCTX_INPROC_SERVER, &IID_INamedPipeServer,
                              (void **)&server);
    if (SUCCEEDED(hr))
    {
        hr = print_version(server);
        INamedPipeServer_Release(server);
    }
    if (FAILED(hr))
        printf("error 0x%08lx\n", (unsigned long)hr);
    CoUninitialize();
    return FAILED(hr);
}
