/* shout: writes its standard input to its standard output, with the small letters of ASCII as capital ones. */

#include <fcntl.h>
#include <io.h>
#include <stdio.h>

int main(void)
{
    int c;

    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    while ((c = getchar()) != EOF)
        putchar(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return 0;
}
