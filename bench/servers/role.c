#include "role.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const BYTE done[] = {'d', 'o', 'n', 'e'};

static role_kind kind_of(const char *name)
{
    static const char *const names[] = {"echo", "sink", "source", "broadcast", "wrong"};
    int i;

    for (i = 0; i < (int)ARRAYSIZE(names); i++)
    {
        if (strcmp(name, names[i]) == 0)
            return (role_kind)i;
    }
    fprintf(stderr, "There is no role %s.\n", name);
    exit(2);
}

void role_init(role *r, int argc, char **argv)
{
    DWORD i;

    if (argc < 1)
    {
        fprintf(stderr, "usage: PIPE ROLE [SIZE [TOTAL]]\n");
        exit(2);
    }
    r->kind = kind_of(argv[0]);
    r->size = argc > 1 ? (DWORD)atol(argv[1]) : ROLE_BUFFER;
    r->total = argc > 2 ? (DWORD)atol(argv[2]) : 0;
    r->message = malloc(r->size);
    if (!r->message)
        exit(2);
    for (i = 0; i < r->size; i++)
        r->message[i] = (BYTE)(i * 7 % 251);
}

static DWORD number_in(const BYTE *data)
{
    return data[0] | (DWORD)data[1] << 8 | (DWORD)data[2] << 16 | (DWORD)data[3] << 24;
}

static void say(answer *out, const BYTE *data, DWORD bytes, DWORD times)
{
    out->data = data;
    out->bytes = bytes;
    out->times = times;
}

void role_meet(const role *r, DWORD *received, const BYTE *data, DWORD bytes, answer *out)
{
    say(out, NULL, 0, 0);
    out->to_all = r->kind == ROLE_BROADCAST && bytes >= 4 && number_in(data) != 0;
    switch (r->kind)
    {
    case ROLE_ECHO: say(out, data, bytes, 1); break;
    case ROLE_SINK:
        *received += bytes;
        if (*received < r->total)
            break;
        *received -= r->total;
        say(out, done, sizeof(done), 1);
        break;
    case ROLE_SOURCE:
        if (bytes >= 4)
            say(out, r->message, r->size, number_in(data));
        break;
    case ROLE_BROADCAST:
        if (out->to_all)
            say(out, r->message, r->size, 1);
        else
            say(out, done, sizeof(done), 1);
        break;
    case ROLE_WRONG: say(out, r->message, bytes < r->size ? bytes : r->size, 1); break;
    }
}

void role_path(const char *name, char *path)
{
    snprintf(path, MAX_PATH, "\\\\.\\pipe\\%s", name);
}
