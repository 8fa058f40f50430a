#include "base/trace.h"

void trace(const WCHAR *text)
{
    OutputDebugStringW(L"NamedPipeServer: ");
    OutputDebugStringW(text);
    OutputDebugStringW(L"\n");
}
