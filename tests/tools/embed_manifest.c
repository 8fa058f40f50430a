/*
 * embed_manifest PROGRAM MANIFEST: replaces the manifest inside a program by that of a file.
 *
 * Windows takes the manifest that lies beside a program only where the program has none inside; its own cscript.exe has
 * one. Wine's has none.
 */
#include <windows.h>

#include <stdio.h>

enum
{
    MOST_LANGUAGES = 8
};

typedef struct languages
{
    WORD ids[MOST_LANGUAGES];
    int count;
} languages;

static BOOL CALLBACK add_language(HMODULE module, const char *type, const char *name, WORD language, LONG_PTR param)
{
    languages *found = (languages *)param;

    (void)module;
    (void)type;
    (void)name;
    if (found->count < MOST_LANGUAGES)
    {
        found->ids[found->count++] = language;
    }
    return TRUE;
}

static BOOL find_languages(const char *program, languages *found)
{
    HMODULE module = LoadLibraryExA(program, NULL, LOAD_LIBRARY_AS_DATAFILE);

    if (module == NULL)
    {
        return FALSE;
    }
    EnumResourceLanguagesA(module, (const char *)RT_MANIFEST, MAKEINTRESOURCEA(1), add_language, (LONG_PTR)found);
    FreeLibrary(module);
    return TRUE;
}

static BOOL replace(const char *program, void *text, DWORD size, const languages *old)
{
    HANDLE update = BeginUpdateResourceA(program, FALSE);
    BOOL good = update != NULL;
    int i;

    for (i = 0; good && i < old->count; i++)
    {
        good = UpdateResourceA(update, (char *)RT_MANIFEST, MAKEINTRESOURCEA(1), old->ids[i], NULL, 0);
    }
    good = good && UpdateResourceA(update, (char *)RT_MANIFEST, MAKEINTRESOURCEA(1), 0, text, size);
    return update != NULL && EndUpdateResourceA(update, !good) && good;
}

static DWORD read_file(const char *name, void *data, DWORD most)
{
    HANDLE file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size = 0;

    if (file != INVALID_HANDLE_VALUE)
    {
        ReadFile(file, data, most, &size, NULL);
        CloseHandle(file);
    }
    return size;
}

int main(int argc, char **argv)
{
    static char text[65536];
    languages old = {0};
    DWORD size = argc == 3 ? read_file(argv[2], text, sizeof text) : 0;

    if (size == 0 || size == sizeof text)
    {
        fprintf(stderr, "usage: embed_manifest PROGRAM MANIFEST, a file of less than 64 KB\n");
        return 2;
    }
    if (!find_languages(argv[1], &old) || !replace(argv[1], text, size, &old))
    {
        fprintf(stderr, "embed_manifest: error %lu\n", GetLastError());
        return 1;
    }
    return 0;
}
