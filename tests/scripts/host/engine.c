#include "script_host.h"

#ifdef _WIN64
#define ScriptParse IActiveScriptParse64
#define ScriptParse_InitNew IActiveScriptParse64_InitNew
#define ScriptParse_ParseScriptText IActiveScriptParse64_ParseScriptText
#define ScriptParse_Release IActiveScriptParse64_Release
static const IID iid_script_parse = {0xc7ef7658, 0xe1ee, 0x480e, {0x97, 0xea, 0xd5, 0x2c, 0xb4, 0xd7, 0x6d, 0x17}};
#else
#define ScriptParse IActiveScriptParse32
#define ScriptParse_InitNew IActiveScriptParse32_InitNew
#define ScriptParse_ParseScriptText IActiveScriptParse32_ParseScriptText
#define ScriptParse_Release IActiveScriptParse32_Release
static const IID iid_script_parse = {0xbb1a2ae2, 0xa4f9, 0x11cf, {0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64}};
#endif

script running;

static HRESULT STDMETHODCALLTYPE site_QueryInterface(IActiveScriptSite *iface, REFIID riid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IActiveScriptSite))
        return E_NOINTERFACE;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE site_AddRef(IActiveScriptSite *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE site_Release(IActiveScriptSite *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE site_GetLCID(IActiveScriptSite *iface, LCID *lcid)
{
    (void)iface;
    *lcid = GetUserDefaultLCID();
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_GetItemInfo(IActiveScriptSite *iface, const OLECHAR *name, DWORD mask,
                                                  IUnknown **item, ITypeInfo **type)
{
    (void)iface, (void)name;
    if (type)
        *type = NULL;
    if (item)
        *item = NULL;
    if (mask & SCRIPTINFO_ITYPEINFO)
        return TYPE_E_ELEMENTNOTFOUND;
    *item = (IUnknown *)&wscript;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_GetDocVersionString(IActiveScriptSite *iface, BSTR *version)
{
    (void)iface;
    *version = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE site_OnScriptTerminate(IActiveScriptSite *iface, const VARIANT *result,
                                                        const EXCEPINFO *exception)
{
    (void)iface, (void)result, (void)exception;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_OnStateChange(IActiveScriptSite *iface, SCRIPTSTATE state)
{
    (void)iface, (void)state;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_OnScriptError(IActiveScriptSite *iface, IActiveScriptError *error)
{
    EXCEPINFO exception = {0};
    WCHAR place[MOST_PATH + 64];
    DWORD context = 0;
    ULONG line = 0;
    LONG column = 0;

    (void)iface;
    running.errors++;
    IActiveScriptError_GetSourcePosition(error, &context, &line, &column);
    IActiveScriptError_GetExceptionInfo(error, &exception);
    if (exception.pfnDeferredFillIn)
        exception.pfnDeferredFillIn(&exception);
    swprintf(place, ARRAYSIZE(place), L"%ls(%lu,%ld) ", running.path, (unsigned long)line + 1, (long)column + 1);
    print(stderr, place);
    print(stderr, exception.bstrDescription ? exception.bstrDescription : L"Error");
    swprintf(place, ARRAYSIZE(place), L" (%08lX)\n", (unsigned long)exception.scode);
    print(stderr, place);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrHelpFile);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_OnEnterScript(IActiveScriptSite *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE site_OnLeaveScript(IActiveScriptSite *iface)
{
    (void)iface;
    return S_OK;
}

static IActiveScriptSiteVtbl site_vtable = {
    .QueryInterface = site_QueryInterface,
    .AddRef = site_AddRef,
    .Release = site_Release,
    .GetLCID = site_GetLCID,
    .GetItemInfo = site_GetItemInfo,
    .GetDocVersionString = site_GetDocVersionString,
    .OnScriptTerminate = site_OnScriptTerminate,
    .OnStateChange = site_OnStateChange,
    .OnScriptError = site_OnScriptError,
    .OnEnterScript = site_OnEnterScript,
    .OnLeaveScript = site_OnLeaveScript,
};

static IActiveScriptSite site = {&site_vtable};

HRESULT script_run(const WCHAR *text)
{
    const WCHAR *dot = wcsrchr(running.path, L'.');
    ScriptParse *parse;
    CLSID clsid;
    HRESULT hr = CLSIDFromProgID(dot && lstrcmpiW(dot, L".js") == 0 ? L"JScript" : L"VBScript", &clsid);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IActiveScript, (void **)&running.engine);
    if (FAILED(hr))
        return hr;
    hr = IActiveScript_QueryInterface(running.engine, &iid_script_parse, (void **)&parse);
    if (FAILED(hr))
        return hr;
    hr = IActiveScript_SetScriptSite(running.engine, &site);
    if (SUCCEEDED(hr))
        hr = ScriptParse_InitNew(parse);
    if (SUCCEEDED(hr))
        hr = IActiveScript_AddNamedItem(running.engine, L"WScript", SCRIPTITEM_ISVISIBLE);
    if (SUCCEEDED(hr))
        hr = IActiveScript_SetScriptState(running.engine, SCRIPTSTATE_STARTED);
    if (SUCCEEDED(hr))
        hr = ScriptParse_ParseScriptText(parse, text, NULL, NULL, NULL, 0, 0, SCRIPTTEXT_ISVISIBLE, NULL, NULL);
    ScriptParse_Release(parse);
    return hr;
}

void script_close(void)
{
    events_disconnect(NULL);
    if (!running.engine)
        return;
    IActiveScript_Close(running.engine);
    IActiveScript_Release(running.engine);
    running.engine = NULL;
}

HRESULT script_get_globals(IDispatch **out)
{
    return IActiveScript_GetScriptDispatch(running.engine, NULL, out);
}
