/* A vba6.dll in place of Visual Basic's: its EbMode says what a test wants, and tells who asked. Its names are
 * exported as vba6.def has them, undecorated in 32 bits too. */

#include <windows.h>

static volatile LONG mode = 1, asked;
static volatile DWORD asked_on;

int WINAPI EbMode(void);
void SetEbMode(int value);
LONG TimesAsked(void);
DWORD AskedOn(void);

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
