#include "support/dll/registry_state.h"

static REGSAM flag_of(view v)
{
    bool wants_64 = (sizeof(void *) == 8) == (v == view::own);

    return wants_64 ? KEY_WOW64_64KEY : KEY_WOW64_32KEY;
}

static HKEY open(const std::wstring &key, view v, HKEY root)
{
    std::wstring path = key.empty() ? L"Software\\Classes" : L"Software\\Classes\\" + key;
    HKEY handle = nullptr;

    /* One's own view needs no flag; under Wine a 32-bit program that asks for it by name gets another place. */
    RegOpenKeyExW(root, path.c_str(), 0, KEY_READ | (v == view::own ? 0 : flag_of(v)), &handle);
    return handle;
}

static std::wstring text_of(DWORD type, const std::vector<BYTE> &data)
{
    if (type != REG_SZ)
        return L"(type " + std::to_wstring(type) + L")";
    return reinterpret_cast<const wchar_t *>(data.data());
}

std::wstring class_value(const std::wstring &key, const wchar_t *name, view v, HKEY root)
{
    HKEY handle = open(key, v, root);
    std::vector<BYTE> data(8192);
    DWORD type = 0, size = static_cast<DWORD>(data.size() - 2);
    LSTATUS error = handle ? RegQueryValueExW(handle, name, nullptr, &type, data.data(), &size) : ERROR_FILE_NOT_FOUND;

    if (handle)
        RegCloseKey(handle);
    return error ? L"(none)" : text_of(type, data);
}

bool has_class_key(const std::wstring &key, view v, HKEY root)
{
    HKEY handle = open(key, v, root);

    if (handle)
        RegCloseKey(handle);
    return handle != nullptr;
}

static std::vector<std::wstring> names_of_keys(HKEY handle)
{
    std::vector<std::wstring> names;
    wchar_t name[256];

    for (DWORD i = 0;; i++)
    {
        DWORD length = 256;
        if (RegEnumKeyExW(handle, i, name, &length, nullptr, nullptr, nullptr, nullptr))
            return names;
        names.push_back(name);
    }
}

static void add_values(HKEY handle, const std::wstring &line, std::vector<std::wstring> &state)
{
    wchar_t name[256];

    for (DWORD i = 0;; i++)
    {
        std::vector<BYTE> data(8192);
        DWORD length = 256, type = 0, size = static_cast<DWORD>(data.size() - 2);
        if (RegEnumValueW(handle, i, name, &length, nullptr, &type, data.data(), &size))
            return;
        state.push_back(line + L" [" + name + L"] = " + text_of(type, data));
    }
}

const wchar_t *const our_keys[] = {L"CLSID\\{1E8F9A91-1C7E-4385-9AC0-6A934461841F}",
                                   L"Interface\\{B6ED9984-64BF-4111-9810-F6941D04D2F2}",
                                   L"Interface\\{8AAE23B6-3393-4AD2-AE15-0A67819500FB}",
                                   L"Interface\\{CA125ADF-DD97-4E8B-877D-622D1BFE6071}",
                                   L"Interface\\{70E1D224-55EE-4992-98BA-964514EC3711}",
                                   L"Interface\\{B4896458-2B7F-458D-93D2-9F9D7B2B97E7}",
                                   L"TypeLib\\{8B064E86-D618-495B-91CB-C767B2DEC49D}",
                                   L"NamedPipeServerLib.NamedPipeServer",
                                   L"NamedPipeServerLib.NamedPipeServer.1"};

static void add_tree(const std::wstring &key, view v, HKEY root, const std::wstring &label,
                     std::vector<std::wstring> &state)
{
    HKEY handle = open(key, v, root);

    if (!handle)
        return;
    state.push_back(label + key);
    add_values(handle, label + key, state);
    for (const std::wstring &name : names_of_keys(handle))
        add_tree(key + L"\\" + name, v, root, label, state);
    RegCloseKey(handle);
}

static std::wstring label_of(view v, HKEY root)
{
    return std::wstring(root == HKEY_CURRENT_USER ? L"user " : L"machine ") + (v == view::own ? L"own " : L"other ");
}

std::vector<std::wstring> registry_state()
{
    std::vector<std::wstring> state;

    for (HKEY root : {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER})
    {
        for (view v : {view::own, view::other})
        {
            for (const wchar_t *key : our_keys)
                add_tree(key, v, root, label_of(v, root), state);
        }
    }
    return state;
}

std::vector<std::wstring> names_of_all_classes()
{
    std::vector<std::wstring> all;

    for (HKEY root : {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER})
    {
        for (view v : {view::own, view::other})
        {
            for (const wchar_t *folder : {L"CLSID", L"Interface", L"TypeLib", L""})
            {
                HKEY handle = open(folder, v, root);
                for (const std::wstring &name : names_of_keys(handle))
                    all.push_back(label_of(v, root) + folder + L"\\" + name);
                RegCloseKey(handle);
            }
        }
    }
    return all;
}
