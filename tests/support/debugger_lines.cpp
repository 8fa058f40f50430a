#include "support/debugger_lines.h"

namespace
{

constexpr DWORD print_wide = 0x4001000A;
constexpr DWORD print_narrow = 0x40010006;

} // namespace

std::optional<std::wstring> debugger_line_of(const EXCEPTION_RECORD &exception)
{
    const void *text = reinterpret_cast<const void *>(exception.ExceptionInformation[1]);

    if (exception.ExceptionCode == print_wide)
        return static_cast<const wchar_t *>(text);
    if (exception.ExceptionCode != print_narrow)
        return std::nullopt;
    const std::string narrow(static_cast<const char *>(text));
    return std::wstring(narrow.begin(), narrow.end());
}
