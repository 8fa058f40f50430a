/*
 * ends_with CODE: ends with that code at once, such as 0xC0000142, with which Windows ends a program that it cannot
 * start.
 */
#include <windows.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
    ExitProcess(count > 1 ? strtoul(arguments[1], NULL, 0) : 2);
}
