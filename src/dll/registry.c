#include "dll/registry.h"

typedef struct change
{
    list_link link;
    WCHAR *key;
    const WCHAR *name;
    bool key_is_new;
    bool had_value;
    DWORD type; /* of the old value */
    BYTE *data;
    DWORD size;
} change;

registry_calls registry_system = {
    .create_key = RegCreateKeyExW,
    .set_value = RegSetValueExW,
    .delete_tree = RegDeleteTreeW,
};

void registry_begin(registry_changes *changes, HKEY root)
{
    changes->root = root;
    list_init(&changes->done);
}

static void change_free(change *c)
{
    mem_free(c->key);
    mem_free(c->data);
    mem_free(c);
}

static change *change_open(const WCHAR *key, const WCHAR *name)
{
    size_t size = (wcslen(key) + 1) * sizeof(*key);
    change *c = mem_alloc(sizeof(*c));

    if (!c)
        return NULL;
    c->name = name;
    c->key = mem_alloc(size);
    if (!c->key)
    {
        change_free(c);
        return NULL;
    }
    memcpy(c->key, key, size);
    return c;
}

/* RegSetValueEx takes one more character if a text has no NUL at its end and there is one behind it. So what is behind
 * the data is none: the value is put back as it was. */
static DWORD remember_old_value(change *c, HKEY key)
{
    DWORD error = RegQueryValueExW(key, c->name, NULL, &c->type, NULL, &c->size);

    if (error == ERROR_FILE_NOT_FOUND)
        return 0;
    if (error)
        return error;
    c->data = mem_alloc(c->size + sizeof(WCHAR));
    if (!c->data)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = RegQueryValueExW(key, c->name, NULL, &c->type, c->data, &c->size);
    c->had_value = error == 0;
    if (c->had_value)
        memset(c->data + c->size, 0xff, sizeof(WCHAR));
    return error;
}

DWORD registry_write(registry_changes *changes, const WCHAR *key, const WCHAR *name, const WCHAR *value)
{
    change *c = change_open(key, name);
    HKEY handle = NULL;
    DWORD error, disposition;

    if (!c)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = registry_system.create_key(changes->root, key, 0, NULL, 0, KEY_QUERY_VALUE | KEY_SET_VALUE, NULL, &handle,
                                       &disposition);
    if (error)
        goto forget;
    c->key_is_new = disposition == REG_CREATED_NEW_KEY;
    if (!c->key_is_new)
    {
        if (value)
            error = remember_old_value(c, handle);
        if (error || !value)
            goto forget;
    }
    list_append(&changes->done, &c->link);
    if (value)
        error = registry_system.set_value(handle, name, 0, REG_SZ, (const BYTE *)value,
                                          (DWORD)((wcslen(value) + 1) * sizeof(*value)));
    RegCloseKey(handle);
    return error;

forget:
    if (handle)
        RegCloseKey(handle);
    change_free(c);
    return error;
}

static void restore_value(HKEY root, const change *c)
{
    HKEY key;

    if (RegOpenKeyExW(root, c->key, 0, KEY_SET_VALUE, &key))
        return;
    if (c->had_value)
        RegSetValueExW(key, c->name, 0, c->type, c->data, c->size);
    else
        RegDeleteValueW(key, c->name);
    RegCloseKey(key);
}

void registry_undo(registry_changes *changes)
{
    list_link *link;
    change *c;

    while ((link = list_last(&changes->done)) != NULL)
    {
        c = CONTAINER_OF(link, change, link);
        list_remove(link);
        if (c->key_is_new)
            RegDeleteKeyW(changes->root, c->key);
        else
            restore_value(changes->root, c);
        change_free(c);
    }
}

void registry_keep(registry_changes *changes)
{
    list_link *link;

    while ((link = list_take_first(&changes->done)) != NULL)
        change_free(CONTAINER_OF(link, change, link));
}

DWORD registry_delete_tree(HKEY root, const WCHAR *key)
{
    DWORD error = registry_system.delete_tree(root, key);

    return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}
