#include "trace.h"

#include "places.h"

#include <string.h>

#define KEPT 200
#define SAID 80

typedef struct step
{
    int thread;
    const char *thread_name, *function, *kind;
    int number;
    uint32_t value;
    char said[SAID]; /* behind the step; empty: nothing */
} step;

static step kept[KEPT];
static uint64_t count, hash;
static int is_aloud;

void trace_begin(void)
{
    count = 0;
    hash = 0xcbf29ce484222325u;
}

static void add_number(uint64_t n)
{
    hash = (hash ^ n ^ (hash >> 29)) * 0x9e3779b97f4a7c15u;
}

/* Eight characters at a time: this runs at each step. */
static void add_text(const char *text)
{
    size_t length = strlen(text);

    add_number(length);
    for (; length; text += length < 8 ? length : 8, length -= length < 8 ? length : 8)
    {
        uint64_t part = 0;

        memcpy(&part, text, length < 8 ? length : 8);
        add_number(part);
    }
}

static void words_of(const step *s, char *to, size_t size)
{
    char place[80];

    to[0] = '\0';
    if (s->kind == PLACE_KIND)
    {
        place_words(s->number, place, sizeof(place));
        snprintf(to, size, " %s", place);
    }
    else if (*s->kind)
        snprintf(to, size, "  %s %d", s->kind, s->number);
}

static void tell(FILE *to, uint64_t number, const step *s)
{
    char object[100];

    fprintf(to, "%8llu  %2d %-10s  %s", (unsigned long long)number, s->thread, s->thread_name, s->function);
    words_of(s, object, sizeof(object));
    fprintf(to, "%s", object);
    if (s->value)
        fprintf(to, "  (%u)", s->value);
    fputc('\n', to);
    if (*s->said)
        fprintf(to, "          ---- %s\n", s->said);
}

void trace_step(int thread, const char *thread_name, const char *function, const char *kind, int number, uint32_t value)
{
    step *s = &kept[count % KEPT];

    add_number((uint64_t)(uint32_t)thread << 32 | (uint32_t)number);
    add_text(function);
    add_text(kind);
    add_number(value);
    s->thread = thread;
    s->thread_name = thread_name;
    s->function = function;
    s->kind = kind;
    s->number = number;
    s->value = value;
    s->said[0] = '\0';
    if (is_aloud)
        tell(stdout, count, s);
    count++;
}

void trace_say(const char *words)
{
    if (!count)
        return;
    strncpy(kept[(count - 1) % KEPT].said, words, SAID - 1);
    if (is_aloud)
        printf("          ---- %s\n", words);
}

void trace_last(char *to, size_t size)
{
    const step *s = &kept[(count - 1) % KEPT];
    char object[100];

    if (!count)
    {
        snprintf(to, size, "the beginning");
        return;
    }
    words_of(s, object, sizeof(object));
    snprintf(to, size, "%s%s", s->function, object);
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
