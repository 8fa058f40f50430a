#include "support/com/trace_text.h"

#include <windows.h>

#include <atomic>
#include <sstream>

namespace
{

constexpr size_t what_column = 5; /* from 0 */

std::vector<std::string> split(const std::string &text, char end)
{
    std::vector<std::string> parts;
    std::istringstream from(text);
    std::string part;

    while (std::getline(from, part, end))
        parts.push_back(part);
    return parts;
}

} // namespace

trace_path::trace_path()
{
    static std::atomic<int> last;
    WCHAR folder[MAX_PATH];

    GetTempPathW(MAX_PATH, folder);
    path = folder + (L"NamedPipeServer" + std::to_wstring(GetCurrentProcessId())) + L"." + std::to_wstring(++last) +
           L".trace";
    DeleteFileW(path.c_str());
}

trace_path::~trace_path()
{
    DeleteFileW(path.c_str());
}

std::string trace_path::content() const
{
    HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              nullptr, OPEN_EXISTING, 0, nullptr);
    std::string all;
    char part[4096];
    DWORD size;

    if (file == INVALID_HANDLE_VALUE)
        return "(none)";
    while (ReadFile(file, part, sizeof(part), &size, nullptr) && size)
        all.append(part, size);
    CloseHandle(file);
    return all;
}

std::vector<std::string> trace_path::lines() const
{
    std::vector<std::string> all = split(content(), '\n');

    for (std::string &line : all)
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
    if (!all.empty())
        all.erase(all.begin());
    return all;
}

std::vector<std::string> trace_path::events() const
{
    std::vector<std::string> all;

    for (const std::string &line : lines())
    {
        std::string event;
        std::vector<std::string> columns = split(line, '\t');

        for (size_t i = what_column; i < columns.size(); i++)
            if (!columns[i].empty())
                event += (event.empty() ? "" : " ") + columns[i];
        all.push_back(event);
    }
    return all;
}

size_t trace_path::count(const std::string &what) const
{
    size_t found = 0;

    for (const std::string &line : lines())
    {
        std::vector<std::string> columns = split(line, '\t');

        found += columns.size() > what_column && columns[what_column] == what;
    }
    return found;
}

void trace_path::write(const std::string &text) const
{
    HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
    DWORD size;

    WriteFile(file, text.data(), static_cast<DWORD>(text.size()), &size, nullptr);
    CloseHandle(file);
}
