#include "tool/options.h"

#include "tool/contract.h"
#include "tool/line.h"
#include "tool/names.h"

#include <wchar.h>

#define OF(command) (1u << (command))
#define ALL 0xffffffffu

typedef enum option_kind
{
    IS_FLAG,
    IS_TEXT,
    IS_NUMBER,
    IS_CHOICE
} option_kind;

typedef struct choice
{
    const WCHAR *name;
    LONG value;
} choice;

typedef struct option
{
    const WCHAR *name;
    option_kind kind;
    size_t place;      /* in `options` */
    unsigned commands; /* that take it */
    LONG least, most;  /* of a number */
    const choice *choices;
} option;

static const choice framings[] = {
    {L"pipe", NamedPipeFramingPipe},
    {L"lines", NamedPipeFramingLines},
    {L"length", NamedPipeFramingLength},
    {L"header", NamedPipeFramingHeader},
    {L"chunks", NamedPipeFramingChunks},
    {L"until-closed", NamedPipeFramingUntilClosed},
    {NULL, 0},
};

static const choice securities[] = {
    {L"me", NamedPipeSecurityCurrentUser},
    {L"users", NamedPipeSecurityAuthenticatedUsers},
    {L"everyone", NamedPipeSecurityEveryone},
    {NULL, 0},
};

#define SHOWS (OF(COMMAND_CALL) | OF(COMMAND_LISTEN) | OF(COMMAND_TALK) | OF(COMMAND_PROXY))
#define LISTENS (OF(COMMAND_LISTEN) | OF(COMMAND_PROXY))
#define MAX_MS 2147483647
#define MOST_BYTES 2147483647

static const option table[] = {
    {L"--help", IS_FLAG, offsetof(options, help), ALL, 0, 0, NULL},
    {L"-h", IS_FLAG, offsetof(options, help), ALL, 0, 0, NULL},
    {L"/?", IS_FLAG, offsetof(options, help), ALL, 0, 0, NULL},
    {L"--version", IS_FLAG, offsetof(options, version), ALL, 0, 0, NULL},
    {L"--json", IS_FLAG, offsetof(options, json), ALL, 0, 0, NULL},
    {L"--hex", IS_FLAG, offsetof(options, hex), SHOWS, 0, 0, NULL},
    {L"--dump", IS_FLAG, offsetof(options, dump), SHOWS, 0, 0, NULL},
    {L"--raw", IS_FLAG, offsetof(options, raw), OF(COMMAND_CALL), 0, 0, NULL},
    {L"--file", IS_TEXT, offsetof(options, file), OF(COMMAND_CALL), 0, 0, NULL},
    {L"--out", IS_TEXT, offsetof(options, out), OF(COMMAND_CALL), 0, 0, NULL},
    {L"--one-way", IS_FLAG, offsetof(options, one_way), OF(COMMAND_CALL) | OF(COMMAND_LOAD), 0, 0, NULL},
    {L"--timeout", IS_NUMBER, offsetof(options, timeout), ~(OF(COMMAND_LIST)), -1, MAX_MS, NULL},
    {L"--framing", IS_CHOICE, offsetof(options, framing), ~(OF(COMMAND_LIST)), 0, 0, framings},
    {L"--limit", IS_NUMBER, offsetof(options, limit), SHOWS & ~OF(COMMAND_CALL), 0, MOST_BYTES, NULL},
    {L"--max-size", IS_NUMBER, offsetof(options, most), ~(OF(COMMAND_LIST)), 0, MOST_BYTES, NULL},
    {L"--echo", IS_FLAG, offsetof(options, echo), OF(COMMAND_LISTEN), 0, 0, NULL},
    {L"--reply", IS_TEXT, offsetof(options, reply), OF(COMMAND_LISTEN), 0, 0, NULL},
    {L"--exec", IS_TEXT, offsetof(options, exec), OF(COMMAND_LISTEN), 0, 0, NULL},
    {L"--once", IS_FLAG, offsetof(options, once), LISTENS, 0, 0, NULL},
    {L"--allow", IS_CHOICE, offsetof(options, security), LISTENS, 0, 0, securities},
    {L"--remote", IS_FLAG, offsetof(options, remote), LISTENS, 0, 0, NULL},
    {L"--wait", IS_NUMBER, offsetof(options, wait), OF(COMMAND_TALK), 0, MAX_MS, NULL},
    {L"--clients", IS_NUMBER, offsetof(options, clients), OF(COMMAND_LOAD), 1, 10000, NULL},
    {L"--messages", IS_NUMBER, offsetof(options, messages), OF(COMMAND_LOAD), 1, 10000000, NULL},
    {L"--size", IS_NUMBER, offsetof(options, size), OF(COMMAND_LOAD), 0, 67108864, NULL},
};

typedef struct command
{
    const WCHAR *name;
    int least, most;    /* operands */
    const WCHAR *wants; /* what they are */
    const WCHAR *takes; /* how many of them at most, in words */
} command;

static const command commands[COMMAND_COUNT] = {
    [COMMAND_LIST] = {L"list", 0, 1, L"at most a pattern", L"one pattern"},
    [COMMAND_CALL] = {L"call", 1, 2, L"the name of a pipe, and a text or --file", L"one name and one text"},
    [COMMAND_LISTEN] = {L"listen", 1, 1, L"the name of a pipe", L"one name"},
    [COMMAND_TALK] = {L"talk", 1, 1, L"the name of a pipe", L"one name"},
    [COMMAND_PROXY] = {L"proxy", 2, 2, L"the name of the pipe to listen on, and that of the pipe to go on to",
                       L"two names"},
    [COMMAND_LOAD] = {L"load", 1, 1, L"the name of a pipe", L"one name"},
};

static const WCHAR *command_name(command_id id)
{
    return commands[id].name ? commands[id].name : L"";
}

static void complain(text_builder *fault, const WCHAR *before, const WCHAR *word, const WCHAR *behind)
{
    line_text(fault, before);
    line_text(fault, word);
    line_text(fault, behind);
}

/* ---- options ---- */

static const option *option_of(const WCHAR *word, size_t length)
{
    for (size_t i = 0; i < ARRAYSIZE(table); i++)
    {
        if (wcslen(table[i].name) == length && wcsncmp(table[i].name, word, length) == 0)
            return &table[i];
    }
    return NULL;
}

static bool read_number(const option *o, const WCHAR *value, LONG *out)
{
    const WCHAR *digits = *value == L'-' ? value + 1 : value;
    LONGLONG number = 0;

    if (!*digits || wcslen(digits) > 10)
        return false;
    for (const WCHAR *c = digits; *c; c++)
    {
        if (*c < L'0' || *c > L'9')
            return false;
        number = number * 10 + (*c - L'0');
    }
    if (digits != value)
        number = -number;
    *out = (LONG)number;
    return number >= o->least && number <= o->most;
}

static void complain_of_number(text_builder *fault, const option *o, const WCHAR *value)
{
    complain(fault, o->name, L" is ", value);
    line_text(fault, L"; give a whole number from ");
    if (o->least < 0)
        text_builder_add(fault, L'-');
    line_number(fault, (ULONGLONG)(o->least < 0 ? -o->least : o->least));
    line_text(fault, L" to ");
    line_number(fault, (ULONGLONG)o->most);
    line_text(fault, o->least < 0 ? L"; -1 is for ever." : L".");
}

static bool read_choice(const option *o, const WCHAR *value, LONG *out)
{
    for (const choice *c = o->choices; c->name; c++)
    {
        if (wcscmp(c->name, value) == 0)
        {
            *out = c->value;
            return true;
        }
    }
    return false;
}

static void complain_of_choice(text_builder *fault, const option *o, const WCHAR *value)
{
    complain(fault, o->name, L" is ", value);
    line_text(fault, L"; give ");
    for (const choice *c = o->choices; c->name; c++)
    {
        line_text(fault, c->name);
        line_text(fault, !c[1].name ? L"." : !c[2].name ? L" or " : L", ");
    }
}

static bool put_value(const option *o, const WCHAR *value, options *out, text_builder *fault)
{
    BYTE *place = (BYTE *)out + o->place;

    switch (o->kind)
    {
    case IS_FLAG: *(LONG *)place = 1; return true;
    case IS_TEXT: *(const WCHAR **)place = value; return true;
    case IS_NUMBER:
        if (read_number(o, value, (LONG *)place))
            return true;
        complain_of_number(fault, o, value);
        return false;
    case IS_CHOICE:
        if (read_choice(o, value, (LONG *)place))
            return true;
        complain_of_choice(fault, o, value);
        return false;
    }
    return false;
}

/* Reads the option words[*at], and its value, which may be the next word. */
static bool read_option(int count, WCHAR *const *words, int *at, options *out, text_builder *fault)
{
    const WCHAR *word = words[*at], *sign = word[0] == L'-' ? wcschr(word, L'=') : NULL;
    const option *o = option_of(word, sign ? (size_t)(sign - word) : wcslen(word));

    if (!o || !(o->commands & OF(out->command)))
    {
        complain(fault, L"There is no option ", word, L" here; pipe ");
        line_text(fault, command_name(out->command));
        line_text(fault, out->command ? L" --help lists them." : L"--help lists what there is.");
        return false;
    }
    if (o->kind == IS_FLAG && sign)
    {
        complain(fault, o->name, L" takes no value; leave out what stands behind it", L".");
        return false;
    }
    if (o->kind != IS_FLAG && !sign && ++*at == count)
    {
        complain(fault, o->name, L" wants a value behind it", L".");
        return false;
    }
    return put_value(o, sign ? sign + 1 : words[*at], out, fault);
}

/* ---- the whole ---- */

static bool is_option(const WCHAR *word)
{
    return (word[0] == L'-' && word[1]) || wcscmp(word, L"/?") == 0;
}

static command_id command_of(const WCHAR *word)
{
    for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++)
    {
        if (wcscmp(commands[i].name, word) == 0)
            return (command_id)i;
    }
    return COMMAND_NONE;
}

static bool take_word(const WCHAR *word, int *operands, options *out, text_builder *fault)
{
    const command *c = &commands[out->command];

    if (!out->command)
    {
        if (wcscmp(word, L"help") == 0)
        {
            out->help = 1;
            return true;
        }
        out->command = command_of(word);
        if (!out->command)
            complain(fault, L"There is no command ", word, L"; pipe --help lists them.");
        return out->command != COMMAND_NONE;
    }
    if (*operands == c->most)
    {
        complain(fault, L"\"", word, L"\" is too much: ");
        complain(fault, c->name, L" takes ", c->takes);
        line_text(fault, L". Put a text with blanks in quotation marks.");
        return false;
    }
    out->operands[(*operands)++] = word;
    return true;
}

static bool check_count(int operands, const options *o, text_builder *fault)
{
    const command *c = &commands[o->command];

    if (!o->command)
        line_text(fault, L"A command is missing; pipe --help lists them.");
    else if (operands < c->least)
    {
        complain(fault, c->name, L" wants ", c->wants);
        complain(fault, L"; pipe ", c->name, L" --help shows how.");
    }
    return !fault->length;
}

static const WCHAR *framing_name(LONG value)
{
    const choice *c = framings;

    while (c[1].name && c->value != value)
        c++;
    return c->name;
}

static bool check_together(const options *o, text_builder *fault)
{
    if (o->command == COMMAND_CALL && !o->file && !o->operands[1])
        line_text(fault, L"call needs a text, or --file FILE.");
    else if (o->command == COMMAND_CALL && o->file && o->operands[1])
        line_text(fault, L"call sends a text or --file FILE, not both; leave one of them out.");
    else if (o->command == COMMAND_LISTEN && !o->exec && o->timeout != OPTIONS_NOT_GIVEN)
        line_text(fault, L"--timeout is for --exec; leave it out.");
    else if ((o->echo != 0) + (o->reply != NULL) + (o->exec != NULL) > 1)
        line_text(fault, L"Only one of --echo, --reply and --exec can answer; leave the others out.");
    else if ((o->raw != 0) + (o->json != 0) + (o->out != NULL) > 1)
        line_text(fault, L"Only one of --raw, --json and --out can take the answer; leave the others out.");
    else if (o->raw && (o->hex || o->dump))
        line_text(fault, L"--raw shows bytes as they are and --hex digits; leave one of them out.");
    else if (o->one_way && (o->raw || o->out || o->dump))
        line_text(fault, L"With --one-way there is no answer to be shown; leave one of them out.");
    else if (o->command == COMMAND_LOAD && o->framing >= NamedPipeFramingChunks)
        complain(fault, L"--framing ", framing_name(o->framing),
                 L" has no messages to count; give pipe, lines, length or header.");
    return !fault->length;
}

static bool check_names(const options *o, text_builder *fault)
{
    switch (o->command)
    {
    case COMMAND_LISTEN: return names_check_own(o->operands[0], L"listen", fault);
    case COMMAND_PROXY: return names_check_proxy(o->operands[0], o->operands[1], fault);
    case COMMAND_CALL:
    case COMMAND_TALK:
    case COMMAND_LOAD: return names_check(o->operands[0], fault);
    default: return true;
    }
}

bool options_read(int count, WCHAR *const *words, options *out, text_builder *fault)
{
    static const options empty = {0};
    int operands = 0;
    bool all_words = false, good = true;

    *out = empty;
    out->timeout = out->wait = out->limit = out->most = OPTIONS_NOT_GIVEN;
    out->clients = out->messages = out->size = OPTIONS_NOT_GIVEN;
    for (int i = 0; i < count && good && !out->help && !out->version; i++)
    {
        if (!all_words && wcscmp(words[i], L"--") == 0)
            all_words = true;
        else if (!all_words && is_option(words[i]))
            good = read_option(count, words, &i, out, fault);
        else
            good = take_word(words[i], &operands, out, fault);
    }
    for (int i = 0; i < count && good && out->help && !out->command; i++) /* `pipe help call`, `pipe --help call` */
        out->command = command_of(words[i]);
    if (!good || out->help || out->version)
        return good;
    return check_count(operands, out, fault) && check_together(out, fault) && check_names(out, fault);
}
