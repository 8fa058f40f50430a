#include "trace.h"

#define KEPT 200

typedef struct step
{
    int thread;
    const char *thread_name, *function, *kind;
    int number;
    uint32_t value;
} step;

static step kept[KEPT];
static uint64_t count, hash;
static int is_aloud;

void trace_begin(void)
{
    count = 0;
    hash = 0xcbf29ce484222325u;
}

static void add_number(uint32_t n)
{
    hash = (hash ^ n) * 0x100000001b3u;
}

static void add_text(const char *text)
{
    while (*text)
        add_number((unsigned char)*text++);
}

static void tell(FILE *to, uint64_t number, const step *s)
{
    fprintf(to, "%8llu  %2d %-10s  %s", (unsigned long long)number, s->thread, s->thread_name, s->function);
    if (*s->kind)
        fprintf(to, "  %s %d", s->kind, s->number);
    if (s->value)
        fprintf(to, "  (%u)", s->value);
    fputc('\n', to);
}

void trace_step(int thread, const char *thread_name, const char *function, const char *kind, int number, uint32_t value)
{
    step s = {thread, thread_name, function, kind, number, value};

    add_number((uint32_t)thread);
    add_text(function);
    add_text(kind);
    add_number((uint32_t)number);
    add_number(value);
    kept[count % KEPT] = s;
    if (is_aloud)
        tell(stdout, count, &s);
    count++;
}

uint64_t trace_hash(void)
{
    return hash;
}

void trace_tell(FILE *to)
{
    for (uint64_t i = count > KEPT ? count - KEPT : 0; i < count; i++)
        tell(to, i, &kept[i % KEPT]);
}

void trace_aloud(int aloud)
{
    is_aloud = aloud;
}
