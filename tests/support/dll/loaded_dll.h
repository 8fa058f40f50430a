/* loaded_dll.h: the built DLL in this process, by its exports. */

#ifndef SUPPORT_DLL_LOADED_DLL_H
#define SUPPORT_DLL_LOADED_DLL_H

#include "support/com/com_values.h"

#include "NamedPipeServer.h"

#include "test_paths.h"

class loaded_dll
{
  public:
    explicit loaded_dll(const std::wstring &path = TEST_DLL);
    loaded_dll(const loaded_dll &) = delete;
    ~loaded_dll();

    HMODULE handle() const
    {
        return module;
    }

    /* What DllGetClassObject gives: *out is set to a wild pointer before. */
    HRESULT get_class_object(REFCLSID clsid, REFIID iid, void **out) const;
    com_ptr<IClassFactory> factory() const;
    com_ptr<INamedPipeServer> make_server() const;

    bool can_unload() const;
    /* Waits for it, dispatching the messages of this thread; false after 10 s. */
    bool can_unload_soon() const;

    HRESULT install(bool add, const wchar_t *command) const;

  private:
    template <typename Function> Function *find(const char *name) const;

    HMODULE module;
};

/* Whether a DLL of this name is still in the process. */
bool is_loaded(const wchar_t *name);

#endif
