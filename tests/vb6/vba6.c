/* A vba6.dll in place of Visual Basic's: its EbMode says what a test wants, and tells who asked. */

#include <windows.h>

static volatile LONG mode = 1, asked;
static volatile DWORD asked_on;

__declspec(dllexport) int WINAPI EbMode(void);
__declspec(dllexport) void SetEbMode(int value);
__declspec(dllexport) LONG TimesAsked(void);
__declspec(dllexport) DWORD AskedOn(void);

int WINAPI EbMode(void)
{
    InterlockedIncrement(&asked);
    asked_on = GetCurrentThreadId();
    return mode;
}

void SetEbMode(int value)
{
    mode = value;
}

LONG TimesAsked(void)
{
    return asked;
}

DWORD AskedOn(void)
{
    return asked_on;
}
