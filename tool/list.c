#include "tool/commands.h"

#include "pipe/name.h"
#include "tool/entries.h"
#include "tool/escape.h"
#include "tool/json_line.h"
#include "tool/line.h"
#include "tool/output.h"

#include <stdlib.h>
#include <wchar.h>

enum
{
    WIDTH_MOST = 60 /* of the column of names; a longer name moves its numbers to the right */
};

typedef struct row
{
    WCHAR *name;
    ULONG instances, most;
} row;

typedef struct rows
{
    const WCHAR *pattern;
    row *items;
    size_t count, capacity;
    bool complete; /* else memory was short */
} rows;

static bool grow(rows *r)
{
    size_t capacity = r->capacity ? r->capacity * 2 : 64;
    row *larger = mem_alloc(capacity * sizeof(*larger));

    if (!larger)
        return false;
    if (r->count > 0)
        memcpy(larger, r->items, r->count * sizeof(*larger));
    mem_free(r->items);
    r->items = larger;
    r->capacity = capacity;
    return true;
}

static bool collect(void *context, const pipe_entry *entry)
{
    rows *r = context;
    WCHAR *name = mem_alloc((entry->length + 1) * sizeof(WCHAR));

    r->complete = name && (r->count < r->capacity || grow(r));
    if (!r->complete)
    {
        mem_free(name);
        return false;
    }
    memcpy(name, entry->name, entry->length * sizeof(WCHAR));
    if (!pipe_name_fits(name, r->pattern))
    {
        mem_free(name);
        return true;
    }
    r->items[r->count].name = name;
    r->items[r->count].instances = entry->instances;
    r->items[r->count].most = entry->most;
    r->count++;
    return true;
}

static int compare(const void *a, const void *b)
{
    return CompareStringOrdinal(((const row *)a)->name, -1, ((const row *)b)->name, -1, TRUE) - CSTR_EQUAL;
}

static void show_row(const row *item, size_t width)
{
    text_builder line = {0};

    escape_append_text(&line, item->name, wcslen(item->name), ESCAPE_LINE_ENDS);
    line_pad(&line, 0, width);
    line_text(&line, L"  ");
    line_number(&line, item->instances);
    line_pad(&line, 0, width + 12);
    line_text(&line, L"  ");
    if (item->most == ENTRY_NO_LIMIT)
        line_text(&line, L"none");
    else
        line_number(&line, item->most);
    output_line(OUTPUT_RESULTS, &line);
}

static size_t shown_length(const WCHAR *name)
{
    text_builder b = {0};
    size_t length;

    escape_append_text(&b, name, wcslen(name), ESCAPE_LINE_ENDS);
    length = b.length;
    text_builder_fini(&b);
    return length;
}

static void show_table(const rows *r)
{
    text_builder head = {0};
    size_t width = 4;

    for (size_t i = 0; i < r->count; i++)
    {
        size_t length = shown_length(r->items[i].name);

        if (length > width)
            width = length < WIDTH_MOST ? length : WIDTH_MOST;
    }
    line_text(&head, L"NAME");
    line_pad(&head, 0, width);
    line_text(&head, L"  INSTANCES");
    line_pad(&head, 0, width + 12);
    line_text(&head, L"  LIMIT");
    output_line(OUTPUT_RESULTS, &head);
    for (size_t i = 0; i < r->count; i++)
        show_row(&r->items[i], width);
}

/* An array, with a pipe a line. */
static void show_json(const rows *r)
{
    text_builder line = {0};

    line_text(&line, L"[");
    for (size_t i = 0; i < r->count; i++)
    {
        line_text(&line, i > 0 ? L",\r\n" : L"\r\n");
        json_begin(&line);
        json_text(&line, L"name", r->items[i].name);
        json_number(&line, L"instances", r->items[i].instances, 0);
        if (r->items[i].most == ENTRY_NO_LIMIT)
            json_null(&line, L"limit");
        else
            json_number(&line, L"limit", r->items[i].most, 0);
        json_end(&line);
    }
    line_text(&line, L"]");
    output_line(OUTPUT_RESULTS, &line);
}

static exit_code show(rows *r, DWORD error, const options *o)
{
    if (!error && !r->complete)
        error = ERROR_NOT_ENOUGH_MEMORY;
    if (error)
    {
        text_builder sentence = {0};

        line_text(&sentence, error == ERROR_ACCESS_DENIED
                                 ? L"This user may not list the pipes; use names that you know"
                                 : L"This system does not list its pipes, as Wine does not; use names that you know");
        line_text(&sentence, L" (error ");
        line_number(&sentence, error);
        line_text(&sentence, L").");
        output_complaint_of(&sentence);
        return EXIT_FAILED;
    }
    if (r->count > 0)
        qsort(r->items, r->count, sizeof(*r->items), compare);
    if (o->json)
        show_json(r);
    else
        show_table(r);
    return EXIT_DONE;
}

exit_code list_run(const options *o)
{
    rows r = {0};
    const WCHAR *given = o->operands[0] ? o->operands[0] : L"*";
    DWORD error;
    exit_code code;

    r.complete = true;
    r.pattern = pipe_pattern_of(given, wcslen(given));
    if (!r.pattern)
    {
        output_complaint(L"This pattern fits no pipe of this computer; give a name with * and ?, without a slash in "
                         L"front.");
        return EXIT_USAGE;
    }
    error = entries_visit(collect, &r);
    code = show(&r, error, o);
    for (size_t i = 0; i < r.count; i++)
        mem_free(r.items[i].name);
    mem_free(r.items);
    return code;
}
