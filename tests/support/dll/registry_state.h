/* registry_state.h: what the registry says about our classes, in the views of both bitnesses. */

#ifndef SUPPORT_DLL_REGISTRY_STATE_H
#define SUPPORT_DLL_REGISTRY_STATE_H

#include <windows.h>

#include <string>
#include <vector>

enum class view
{
    own,  /* of this process's bitness */
    other /* of the other one */
};

/* A value below Software\Classes of the machine, or of `root`; the default one without a name. "(none)" where there is
 * none. */
std::wstring class_value(const std::wstring &key, const wchar_t *name = nullptr, view v = view::own,
                         HKEY root = HKEY_LOCAL_MACHINE);
bool has_class_key(const std::wstring &key, view v = view::own, HKEY root = HKEY_LOCAL_MACHINE);

/* Every key and value of ours, for the machine and for the user, in both views. One line each. */
std::vector<std::wstring> registry_state();

/* The names of all classes, interfaces, type libraries and ProgIDs of the system, in the same places. */
std::vector<std::wstring> names_of_all_classes();

#endif
