#include "tool/names.h"

#include "pipe/name.h"
#include "tool/escape.h"
#include "tool/line.h"

#include <wchar.h>

static bool complain(text_builder *fault, const WCHAR *name, const WCHAR *what, const WCHAR *behind)
{
    line_text(fault, L"\"");
    escape_append_text(fault, name, wcslen(name), ESCAPE_LINE_ENDS);
    line_text(fault, what);
    line_text(fault, behind);
    return false;
}

static bool is_here(const pipe_address *address)
{
    return wcscmp(address->server, L".") == 0;
}

static bool check_any(const WCHAR *name, pipe_address *address, text_builder *fault)
{
    if (pipe_address_of(name, wcslen(name), L"", 0, address) == ADDRESS_IS_RIGHT)
        return true;
    return complain(fault, name, L"\" cannot be a pipe's name; give one alone or in full, as \\\\COMPUTER\\pipe\\NAME.",
                    L" It has 1 to 247 characters, and no part of it ends in a dot or a blank.");
}

/* The name of a pipe that this program makes. */
static bool check_own(const WCHAR *name, const WCHAR *command, pipe_address *address, text_builder *fault)
{
    if (!check_any(name, address, fault))
        return false;
    if (!is_here(address))
    {
        complain(fault, name, L"\" is on another computer; ", command);
        line_text(fault, L" makes pipes on this one alone. Give the bare name.");
        return false;
    }
    /* A computer's name has no place in the name of an own pipe, also where it is this one's. */
    return pipe_address_of_own(name, wcslen(name), address) ||
           complain(fault, name, L"\" names the computer, which is this one; give the bare name", L".");
}

bool names_check(const WCHAR *name, text_builder *fault)
{
    pipe_address address;

    return check_any(name, &address, fault);
}

bool names_check_own(const WCHAR *name, const WCHAR *command, text_builder *fault)
{
    pipe_address address;

    return check_own(name, command, &address, fault);
}

bool names_check_proxy(const WCHAR *own, const WCHAR *other, text_builder *fault)
{
    pipe_address a, b;

    if (!check_own(own, L"proxy", &a, fault) || !check_any(other, &b, fault))
        return false;
    if (!is_here(&b) || CompareStringOrdinal(a.name, -1, b.name, -1, TRUE) != CSTR_EQUAL)
        return true;
    line_text(fault, L"Both names are the same pipe; give the proxy a name of its own.");
    return false;
}
