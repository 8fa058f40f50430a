/* Series of changes of the registry, drawn: values of any type and size that were there before, keys that are new,
 * texts that are written several times, a call that fails in the middle. Undone, nothing has changed; kept, all is as
 * the last write of each value says. */

#include "support/seeds.h"

extern "C" {
#include "dll/registry.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace
{

/* Of this process alone: others may use the same registry. */
const std::wstring root_path = L"Software\\NamedPipeServer.tests.seeded." + std::to_wstring(GetCurrentProcessId());

struct value
{
    DWORD type;
    std::vector<BYTE> data;

    bool operator==(const value &other) const
    {
        return type == other.type && data == other.data;
    }
};

using values = std::map<std::wstring, value>; /* of a key, by name */
using tree = std::map<std::wstring, values>;  /* by path */

/* ---- reading and writing a tree ---- */

values values_of(HKEY key)
{
    values all;
    wchar_t name[64];

    for (DWORD i = 0;; i++)
    {
        std::vector<BYTE> data(256);
        DWORD length = 64, type = 0, size = 256;

        if (RegEnumValueW(key, i, name, &length, nullptr, &type, data.data(), &size))
            return all;
        data.resize(size);
        all[name] = {type, data};
    }
}

void read_tree(HKEY key, const std::wstring &path, tree &all)
{
    wchar_t name[64];

    all[path] = values_of(key);
    for (DWORD i = 0;; i++)
    {
        DWORD length = 64;
        HKEY below;

        if (RegEnumKeyExW(key, i, name, &length, nullptr, nullptr, nullptr, nullptr))
            return;
        ASSERT_EQ(RegOpenKeyExW(key, name, 0, KEY_READ, &below), 0);
        read_tree(below, path.empty() ? name : path + L"\\" + name, all);
        RegCloseKey(below);
    }
}

tree tree_of(HKEY root)
{
    tree all;

    read_tree(root, L"", all);
    return all;
}

value text_value(const std::wstring &text)
{
    const auto *first = reinterpret_cast<const BYTE *>(text.c_str());

    return {REG_SZ, std::vector<BYTE>(first, first + (text.size() + 1) * sizeof(wchar_t))};
}

/* ---- what is drawn ---- */

const std::vector<std::wstring> paths = {L"a",    L"b",         L"a\\a",       L"a\\b",
                                         L"b\\a", L"a\\a\\new", L"b\\a\\\xe4", L"b\\a\\\xe4\\x"};
const std::vector<const wchar_t *> names = {nullptr, L"", L"ThreadingModel", L"\x4e2d", L"v"};

value any_value(draw &d)
{
    value made = {
        d.one_of<DWORD>({REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD, REG_NONE, 99}), {}};

    for (uint32_t i = d.one_of<uint32_t>({0, 1, 3, 4, 8, 9, 40}); i > 0; i--)
        made.data.push_back(static_cast<BYTE>(d.below(256)));
    return made;
}

std::wstring above(const std::wstring &path)
{
    const size_t slash = path.rfind(L'\\');

    return slash == std::wstring::npos ? L"" : path.substr(0, slash);
}

/* Some of the paths, each with those above it. */
void fill(draw &d, HKEY root)
{
    tree made = {{L"", {}}};

    for (const std::wstring &path : paths)
    {
        HKEY key;

        if (d.one_in(3) || !made.count(above(path)))
            continue;
        made[path];
        ASSERT_EQ(RegCreateKeyExW(root, path.c_str(), 0, nullptr, 0, KEY_ALL_ACCESS, nullptr, &key, nullptr), 0);
        for (const wchar_t *name : names)
        {
            const value v = any_value(d);

            if (d.one_in(2))
            {
                ASSERT_EQ(RegSetValueExW(key, name, 0, v.type, v.data.data(), static_cast<DWORD>(v.data.size())), 0);
            }
        }
        RegCloseKey(key);
    }
}

/* ---- a call that fails ---- */

unsigned calls_until_failure;

bool fails_now()
{
    return calls_until_failure > 0 && --calls_until_failure == 0;
}

LSTATUS WINAPI create_or_fail(HKEY root, const WCHAR *key, DWORD reserved, WCHAR *type, DWORD options, REGSAM access,
                              SECURITY_ATTRIBUTES *security, HKEY *out, DWORD *disposition)
{
    return fails_now() ? ERROR_ACCESS_DENIED
                       : RegCreateKeyExW(root, key, reserved, type, options, access, security, out, disposition);
}

LSTATUS WINAPI set_or_fail(HKEY key, const WCHAR *name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    return fails_now() ? ERROR_NO_SYSTEM_RESOURCES : RegSetValueExW(key, name, reserved, type, data, size);
}

/* ---- the tests ---- */

class SeededRegistry : public testing::Test
{
  protected:
    registry_calls system = registry_system;
    HKEY root = nullptr;

    void SetUp() override
    {
        registry_system.create_key = create_or_fail;
        registry_system.set_value = set_or_fail;
    }

    void TearDown() override
    {
        registry_system = system;
        close();
    }

    void open(draw &d)
    {
        close();
        ASSERT_EQ(RegCreateKeyExW(HKEY_CURRENT_USER, root_path.c_str(), 0, nullptr, 0, KEY_ALL_ACCESS, nullptr, &root,
                                  nullptr),
                  0);
        fill(d, root);
    }

    void close()
    {
        if (root)
            RegCloseKey(root);
        root = nullptr;
        registry_delete_tree(HKEY_CURRENT_USER, root_path.c_str());
    }

    /* Writes some values, and notes in `expected` what a tree is then. Returns the first error. */
    DWORD write_some(draw &d, registry_changes *changes, tree &expected)
    {
        for (uint32_t i = 1 + d.below(12); i > 0; i--)
        {
            const std::wstring path = d.one_of(paths), text(d.below(5), L'\x20ac');
            const wchar_t *name = d.one_of(names);
            const bool has_value = !d.one_in(4);

            if (!expected.count(above(path)))
                continue; /* the keys above must be there */
            const DWORD error = registry_write(changes, path.c_str(), name, has_value ? text.c_str() : nullptr);
            if (error)
                return error;
            expected[path];
            if (has_value)
                expected[path][name ? name : L""] = text_value(text);
        }
        return 0;
    }
};

TEST_F(SeededRegistry, IsAsBeforeWhenTheChangesAreUndone)
{
    for_each_seed(150,
                  [&](draw &d)
                  {
                      registry_changes changes;

                      open(d);
                      const tree before = tree_of(root);
                      tree expected = before;
                      calls_until_failure = d.one_in(2) ? 1 + d.below(16) : 0;
                      registry_begin(&changes, root);
                      write_some(d, &changes, expected);
                      registry_undo(&changes);

                      EXPECT_TRUE(tree_of(root) == before);
                  });
}

TEST_F(SeededRegistry, HasTheLastTextOfEachValueWhenTheChangesAreKept)
{
    for_each_seed(150,
                  [&](draw &d)
                  {
                      registry_changes changes;

                      open(d);
                      tree expected = tree_of(root);
                      calls_until_failure = 0;
                      registry_begin(&changes, root);
                      EXPECT_EQ(write_some(d, &changes, expected), 0u);
                      registry_keep(&changes);

                      EXPECT_TRUE(tree_of(root) == expected);
                      EXPECT_EQ(registry_delete_tree(root, L"a"), 0u);
                      EXPECT_EQ(tree_of(root).count(L"a"), 0u);
                  });
}

} // namespace
