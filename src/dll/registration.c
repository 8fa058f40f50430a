#include "dll/registration.h"

#include "dll/registry.h"

#define CLASSES L"Software\\Classes\\"
#define LIBRARY CLASSES L"TypeLib\\<id>"
#define LIBRARY_VERSION L"1.0"

#ifdef _WIN64
#define SYSTEM_KIND L"win64"
#define OTHER_VIEW KEY_WOW64_32KEY
#else
#define SYSTEM_KIND L"win32"
#define OTHER_VIEW KEY_WOW64_64KEY
#endif

typedef enum kind
{
    A_CLASS,
    AN_INTERFACE,
    THE_LIBRARY
} kind;

/* The system's marshallers for interfaces that a type library describes. */
static const WCHAR for_dual[] = L"{00020424-0000-0000-C000-000000000046}";
static const WCHAR for_dispinterface[] = L"{00020420-0000-0000-C000-000000000046}";

typedef struct subject
{
    kind kind;
    const GUID *id;
    const WCHAR *name; /* for a class: its ProgID, without the version */
    const WCHAR *title;
    const WCHAR *proxy;
} subject;

static const subject subjects[] = {
    {A_CLASS, &CLSID_NamedPipeServer, L"NamedPipeServerLib.NamedPipeServer", L"NamedPipeServer", NULL},
    {A_CLASS, &CLSID_NamedPipeClientManager, L"NamedPipeServerLib.NamedPipeClientManager", L"NamedPipeClientManager",
     NULL},
    {AN_INTERFACE, &IID_INamedPipeServer, L"INamedPipeServer", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeServerConnection, L"INamedPipeServerConnection", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeConnections, L"INamedPipeConnections", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeEvent, L"INamedPipeEvent", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeClientManager, L"INamedPipeClientManager", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeClientConnection, L"INamedPipeClientConnection", NULL, for_dual},
    {AN_INTERFACE, &IID_INamedPipeNames, L"INamedPipeNames", NULL, for_dual},
    {AN_INTERFACE, &DIID__INamedPipeClientConnectionEvents, L"_INamedPipeClientConnectionEvents", NULL,
     for_dispinterface},
    {AN_INTERFACE, &DIID__INamedPipeServerEvents, L"_INamedPipeServerEvents", NULL, for_dispinterface},
    {THE_LIBRARY, &LIBID_NamedPipeServerLib, NULL, L"NamedPipeServer 1.0: named pipes with events", NULL},
};

typedef struct entry
{
    kind kind;
    const WCHAR *key, *name, *value; /* name NULL: the default value; value NULL: the key alone */
} entry;

/* A key comes after the keys above it. For the words in <>, see the array `words`. */
static const entry entries[] = {
    {A_CLASS, CLASSES L"CLSID\\<id>", NULL, L"<title>"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\InprocServer32", NULL, L"<dll>"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\InprocServer32", L"ThreadingModel", L"Both"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\ProgID", NULL, L"<name>.1"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\VersionIndependentProgID", NULL, L"<name>"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\TypeLib", NULL, L"<libid>"},
    {A_CLASS, CLASSES L"CLSID\\<id>\\Version", NULL, LIBRARY_VERSION},
    {A_CLASS, CLASSES L"CLSID\\<id>\\Programmable", NULL, NULL},
    {A_CLASS, CLASSES L"<name>.1", NULL, L"<title>"},
    {A_CLASS, CLASSES L"<name>.1\\CLSID", NULL, L"<id>"},
    {A_CLASS, CLASSES L"<name>", NULL, L"<title>"},
    {A_CLASS, CLASSES L"<name>\\CLSID", NULL, L"<id>"},
    {A_CLASS, CLASSES L"<name>\\CurVer", NULL, L"<name>.1"},

    {AN_INTERFACE, CLASSES L"Interface\\<id>", NULL, L"<name>"},
    {AN_INTERFACE, CLASSES L"Interface\\<id>\\ProxyStubClsid32", NULL, L"<proxy>"},
    {AN_INTERFACE, CLASSES L"Interface\\<id>\\TypeLib", NULL, L"<libid>"},
    {AN_INTERFACE, CLASSES L"Interface\\<id>\\TypeLib", L"Version", LIBRARY_VERSION},

    {THE_LIBRARY, LIBRARY, NULL, NULL},
    {THE_LIBRARY, LIBRARY L"\\" LIBRARY_VERSION, NULL, L"<title>"},
    {THE_LIBRARY, LIBRARY L"\\" LIBRARY_VERSION L"\\FLAGS", NULL, L"0"},
    {THE_LIBRARY, LIBRARY L"\\" LIBRARY_VERSION L"\\0", NULL, NULL},
    {THE_LIBRARY, LIBRARY L"\\" LIBRARY_VERSION L"\\0\\" SYSTEM_KIND, NULL, L"<dll>"},
};

typedef enum owner
{
    THIS_BITNESS, /* Windows keeps one CLSID key and one Interface key for each bitness */
    BOTH          /* removed with the last bitness */
} owner;

typedef struct tree
{
    kind kind;
    owner owner;
    const WCHAR *key;
} tree;

static const tree trees[] = {
    {A_CLASS, THIS_BITNESS, CLASSES L"CLSID\\<id>"},
    {A_CLASS, BOTH, CLASSES L"<name>.1"},
    {A_CLASS, BOTH, CLASSES L"<name>"},
    {AN_INTERFACE, THIS_BITNESS, CLASSES L"Interface\\<id>"},
    {THE_LIBRARY, THIS_BITNESS, LIBRARY L"\\" LIBRARY_VERSION L"\\0\\" SYSTEM_KIND},
    {THE_LIBRARY, BOTH, LIBRARY},
};

enum word
{
    ID,
    NAME,
    TITLE,
    PROXY,
    LIBID,
    DLL,
    WORD_COUNT
};

static const WCHAR *const words[WORD_COUNT] = {
    [ID] = L"<id>",       [NAME] = L"<name>",   [TITLE] = L"<title>",
    [PROXY] = L"<proxy>", [LIBID] = L"<libid>", [DLL] = L"<dll>",
};

enum
{
    GUID_SIZE = 39
};

/* The texts that replace the words, for one subject. */
typedef struct meaning
{
    const WCHAR *texts[WORD_COUNT];
    WCHAR id[GUID_SIZE], libid[GUID_SIZE];
} meaning;

static void meaning_init(meaning *m, const subject *s, const WCHAR *dll)
{
    StringFromGUID2(s->id, m->id, GUID_SIZE);
    StringFromGUID2(&LIBID_NamedPipeServerLib, m->libid, GUID_SIZE);
    m->texts[ID] = m->id;
    m->texts[NAME] = s->name;
    m->texts[TITLE] = s->title;
    m->texts[PROXY] = s->proxy;
    m->texts[LIBID] = m->libid;
    m->texts[DLL] = dll;
}

/* Returns the text that replaces the word at `at`, and sets `*length` to the length of the word. NULL: no word is
 * there. */
static const WCHAR *find_word(const meaning *m, const WCHAR *at, size_t *length)
{
    int i;

    for (i = 0; i < WORD_COUNT; i++)
    {
        *length = wcslen(words[i]);
        if (wcsncmp(at, words[i], *length) == 0)
            return m->texts[i];
    }
    return NULL;
}

/* Writes `pattern` to `out`, with its words replaced and without a NUL. If `out` is NULL, writes nothing. Returns the
 * length of the result in characters. */
static size_t replace_words(const meaning *m, const WCHAR *pattern, WCHAR *out)
{
    const WCHAR *text;
    size_t length = 0, word_length, text_length;

    while (*pattern)
    {
        text = find_word(m, pattern, &word_length);
        if (!text)
        {
            text = pattern;
            word_length = 1;
        }
        text_length = text == pattern ? 1 : wcslen(text);
        if (out)
            memcpy(out + length, text, text_length * sizeof(*out));
        length += text_length;
        pattern += word_length;
    }
    return length;
}

/* Returns `pattern` with its words replaced, to be freed with mem_free; NULL if memory is short. */
static WCHAR *expand(const meaning *m, const WCHAR *pattern)
{
    WCHAR *out = mem_alloc((replace_words(m, pattern, NULL) + 1) * sizeof(*out));

    if (out)
        replace_words(m, pattern, out);
    return out;
}

static HKEY root_of(registration_scope scope)
{
    return scope == REGISTRATION_USER ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE;
}

static DWORD write_entry(registry_changes *changes, const meaning *m, const entry *e)
{
    WCHAR *key = expand(m, e->key);
    WCHAR *value = e->value ? expand(m, e->value) : NULL;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (key && (value || !e->value))
        error = registry_write(changes, key, e->name, value);
    mem_free(value);
    mem_free(key);
    return error;
}

static DWORD write_subject(registry_changes *changes, const subject *s, const WCHAR *dll)
{
    meaning m;
    DWORD error = 0;
    size_t i;

    meaning_init(&m, s, dll);
    for (i = 0; i < ARRAYSIZE(entries) && !error; i++)
    {
        if (entries[i].kind == s->kind)
            error = write_entry(changes, &m, &entries[i]);
    }
    return error;
}

HRESULT registration_add(registration_scope scope, const WCHAR *dll)
{
    registry_changes changes;
    DWORD error = 0;
    size_t i;

    registry_begin(&changes, root_of(scope));
    for (i = 0; i < ARRAYSIZE(subjects) && !error; i++)
        error = write_subject(&changes, &subjects[i], dll);
    if (error)
        registry_undo(&changes);
    else
        registry_keep(&changes);
    return HRESULT_FROM_WIN32(error);
}

static DWORD delete_trees_of(HKEY root, const subject *s, owner whose)
{
    meaning m;
    WCHAR *key;
    DWORD error, first_error = 0;
    size_t i;

    meaning_init(&m, s, NULL);
    for (i = 0; i < ARRAYSIZE(trees); i++)
    {
        if (trees[i].kind != s->kind || trees[i].owner != whose)
            continue;
        key = expand(&m, trees[i].key);
        error = key ? registry_delete_tree(root, key) : ERROR_NOT_ENOUGH_MEMORY;
        if (!first_error)
            first_error = error;
        mem_free(key);
    }
    return first_error;
}

/* Deletes all trees that belong to `whose`. Goes on after a failure, to delete all that can be deleted. Returns the
 * first error. */
static DWORD delete_trees(HKEY root, owner whose)
{
    DWORD error, first_error = 0;
    size_t i;

    for (i = 0; i < ARRAYSIZE(subjects); i++)
    {
        error = delete_trees_of(root, &subjects[i], whose);
        if (!first_error)
            first_error = error;
    }
    return first_error;
}

/* Returns whether the other bitness is registered. A 32-bit Windows has one view only, and its classes are already
 * removed when this is called. */
static bool other_bitness_is_registered(HKEY root)
{
    WCHAR key[] = CLASSES L"CLSID\\{00000000-0000-0000-0000-000000000000}";
    HKEY handle;
    size_t i;

    for (i = 0; i < ARRAYSIZE(subjects); i++)
    {
        if (subjects[i].kind != A_CLASS)
            continue;
        StringFromGUID2(subjects[i].id, wcschr(key, L'{'), GUID_SIZE);
        if (RegOpenKeyExW(root, key, 0, KEY_QUERY_VALUE | OTHER_VIEW, &handle) == 0)
        {
            RegCloseKey(handle);
            return true;
        }
    }
    return false;
}

HRESULT registration_remove(registration_scope scope)
{
    HKEY root = root_of(scope);
    DWORD error = delete_trees(root, THIS_BITNESS);

    if (!error && !other_bitness_is_registered(root))
        error = delete_trees(root, BOTH);
    return HRESULT_FROM_WIN32(error);
}
