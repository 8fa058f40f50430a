#include "com/registered.h"

#define CLASSES L"Software\\Classes\\"

registered_calls registered_system = {RegOpenKeyExW, RegGetValueW, RegCloseKey, GetFileAttributesW};

static const HKEY roots[REGISTERED_SCOPES] = {
    [REGISTERED_MACHINE] = HKEY_LOCAL_MACHINE,
    [REGISTERED_USER] = HKEY_CURRENT_USER,
};

static const REGSAM views[REGISTERED_BITNESSES] = {
    [REGISTERED_X64] = KEY_WOW64_64KEY,
    [REGISTERED_X86] = KEY_WOW64_32KEY,
};

registered_bitness registered_own(void)
{
    return sizeof(void *) == 8 ? REGISTERED_X64 : REGISTERED_X86;
}

/* Returns whether this is a 64-bit Windows. */
static bool has_both(void)
{
    BOOL is_wow = FALSE;

    return sizeof(void *) == 8 || (IsWow64Process(GetCurrentProcess(), &is_wow) && is_wow);
}

/* ---- one entry ---- */

/* Reads the default value of an open key. Returns a Win32 code. */
static DWORD read_value(HKEY key, WCHAR **out)
{
    DWORD size = 0;
    DWORD error = (DWORD)registered_system.get_value(key, NULL, NULL, RRF_RT_REG_SZ, NULL, NULL, &size);
    WCHAR *text;

    if (error)
        return error;
    text = mem_alloc(size + sizeof(*text));
    if (!text)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = (DWORD)registered_system.get_value(key, NULL, NULL, RRF_RT_REG_SZ, NULL, text, &size);
    if (error)
        mem_free(text);
    else
        *out = text;
    return error;
}

/* Returns whether the path leads to another computer, which may take long to answer. */
static bool is_far(const WCHAR *path)
{
    WCHAR root[4] = {path[0], L':', L'\\', 0};

    if (path[0] == L'\\' && path[1] == L'\\')
        return path[2] != L'?' && path[2] != L'.';
    return path[0] && path[1] == L':' && GetDriveTypeW(root) == DRIVE_REMOTE;
}

static registered_file find_file(const WCHAR *path, const WCHAR *own_path)
{
    if (own_path && CompareStringOrdinal(path, -1, own_path, -1, TRUE) == CSTR_EQUAL)
        return REGISTERED_IS_THIS;
    if (is_far(path))
        return REGISTERED_IS_FAR;
    return registered_system.get_attributes(path) == INVALID_FILE_ATTRIBUTES ? REGISTERED_IS_MISSING
                                                                             : REGISTERED_IS_THERE;
}

static void read_entry(HKEY root, const WCHAR *path, REGSAM view, const WCHAR *own_path, registered_entry *out)
{
    HKEY key;
    DWORD error = (DWORD)registered_system.open_key(root, path, 0, KEY_QUERY_VALUE | view, &key);

    if (!error)
    {
        error = read_value(key, &out->path);
        registered_system.close_key(key);
    }
    if (out->path)
        out->file = find_file(out->path, own_path);
    else if (error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND)
        out->error = error;
}

/* ---- all entries ---- */

void registered_look(const CLSID *clsid, const WCHAR *own_path, registered *out)
{
    WCHAR id[40], libid[40], class_key[120], library_key[120];

    memset(out, 0, sizeof(*out));
    out->has_other = has_both();
    StringFromGUID2(clsid, id, ARRAYSIZE(id));
    StringFromGUID2(&LIBID_NamedPipeServerLib, libid, ARRAYSIZE(libid));
    wsprintfW(class_key, CLASSES L"CLSID\\%s\\InprocServer32", id);
    for (int bitness = 0; bitness < REGISTERED_BITNESSES; bitness++)
    {
        if (!out->has_other && bitness != (int)registered_own())
            continue;
        wsprintfW(library_key, CLASSES L"TypeLib\\%s\\1.0\\0\\%s", libid,
                  bitness == REGISTERED_X64 ? L"win64" : L"win32");
        for (int scope = 0; scope < REGISTERED_SCOPES; scope++)
        {
            read_entry(roots[scope], class_key, views[bitness], own_path, &out->classes[bitness][scope]);
            read_entry(roots[scope], library_key, views[bitness], own_path, &out->libraries[bitness][scope]);
        }
    }
}

void registered_fini(registered *r)
{
    for (int bitness = 0; bitness < REGISTERED_BITNESSES; bitness++)
    {
        for (int scope = 0; scope < REGISTERED_SCOPES; scope++)
        {
            mem_free(r->classes[bitness][scope].path);
            mem_free(r->libraries[bitness][scope].path);
        }
    }
}

const registered_entry *registered_in_use(const registered_entry entries[REGISTERED_SCOPES])
{
    if (entries[REGISTERED_USER].path)
        return &entries[REGISTERED_USER];
    return entries[REGISTERED_MACHINE].path ? &entries[REGISTERED_MACHINE] : NULL;
}
