#include "support/dll/loaded_dll.h"

#include "support/deliver/ui_thread.h"

#include <gtest/gtest.h>

loaded_dll::loaded_dll(const std::wstring &path) : module(LoadLibraryW(path.c_str()))
{
    EXPECT_NE(module, nullptr) << "error " << GetLastError();
}

loaded_dll::~loaded_dll()
{
    FreeLibrary(module);
}

template <typename Function> Function *loaded_dll::find(const char *name) const
{
    return reinterpret_cast<Function *>(reinterpret_cast<void *>(GetProcAddress(module, name)));
}

HRESULT loaded_dll::get_class_object(REFCLSID clsid, REFIID iid, void **out) const
{
    auto *get = find<HRESULT STDMETHODCALLTYPE(REFCLSID, REFIID, void **)>("DllGetClassObject");

    *out = reinterpret_cast<void *>(1);
    return get(clsid, iid, out);
}

com_ptr<IClassFactory> loaded_dll::factory() const
{
    com_ptr<IClassFactory> factory;

    EXPECT_EQ(get_class_object(CLSID_NamedPipeServer, IID_IClassFactory, factory.put_void()), S_OK);
    return factory;
}

com_ptr<INamedPipeServer> loaded_dll::make_server() const
{
    com_ptr<INamedPipeServer> server;

    EXPECT_EQ(factory()->CreateInstance(nullptr, IID_INamedPipeServer, server.put_void()), S_OK);
    return server;
}

bool loaded_dll::can_unload() const
{
    HRESULT hr = find<HRESULT STDMETHODCALLTYPE()>("DllCanUnloadNow")();

    EXPECT_TRUE(hr == S_OK || hr == S_FALSE);
    return hr == S_OK;
}

bool loaded_dll::can_unload_soon() const
{
    return dispatch_until([this] { return can_unload(); });
}

HRESULT loaded_dll::install(bool add, const wchar_t *command) const
{
    return find<HRESULT STDMETHODCALLTYPE(BOOL, const wchar_t *)>("DllInstall")(add, command);
}

bool is_loaded(const wchar_t *name)
{
    return GetModuleHandleW(name) != nullptr;
}
