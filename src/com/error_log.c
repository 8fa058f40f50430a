#include "com/error_log.h"

#include "base/lock.h"

static lock log_lock;
static error_entry_view entries[ERROR_LOG_MOST] STATIC_GUARDED_BY(log_lock);
static unsigned entry_count STATIC_GUARDED_BY(log_lock), newest STATIC_GUARDED_BY(log_lock);

/* Writes such as "server 1, connection 3: AsyncWrite". */
static void describe_place(const error_place *place, WCHAR out[ERROR_LOG_PLACE])
{
    WCHAR text[1024 + 1], what[ERROR_LOG_PLACE];

    lstrcpynW(what, place->what, ERROR_LOG_PLACE);
    if (!place->kind)
        lstrcpyW(text, what);
    else if (place->connection)
        wsprintfW(text, L"%s %ld, connection %ld: %s", place->kind, place->number, place->connection, what);
    else
        wsprintfW(text, L"%s %ld: %s", place->kind, place->number, what);
    lstrcpynW(out, text, ERROR_LOG_PLACE);
}

static bool is_newest(const error_entry_view *e) REQUIRES_LOCK(log_lock)
{
    const error_entry_view *last = &entries[newest];

    return entry_count && last->number == e->number && wcscmp(last->place, e->place) == 0 &&
           wcscmp(last->sentence, e->sentence) == 0;
}

void error_log_add(const error_place *place, LONG number, const WCHAR *sentence)
{
    error_entry_view fresh = {.times = 1, .number = number};

    GetLocalTime(&fresh.at);
    describe_place(place, fresh.place);
    lstrcpynW(fresh.sentence, sentence, ERROR_LOG_SENTENCE);
    lock_acquire(&log_lock);
    if (is_newest(&fresh))
        fresh.times = entries[newest].times + 1;
    else
    {
        newest = entry_count ? (newest + 1) % ERROR_LOG_MOST : 0;
        entry_count += entry_count < ERROR_LOG_MOST;
    }
    entries[newest] = fresh;
    lock_release(&log_lock);
}

/* Returns where the name goes on behind get_, put_ or putref_. */
static const char *skip_kind(const char *name)
{
    static const char *const kinds[] = {"get_", "put_", "putref_"};

    for (size_t i = 0; i < ARRAYSIZE(kinds); i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
            return name + strlen(kinds[i]);
    return name;
}

void error_log_add_function(const char *function, LONG number, const WCHAR *sentence)
{
    WCHAR name[ERROR_LOG_PLACE];
    error_place place = {.what = name};
    int length = 0;

    while (*function && length < ERROR_LOG_PLACE - 1)
    {
        name[length++] = *function == '_' ? L'.' : (WCHAR)(unsigned char)*function;
        function = *function == '_' ? skip_kind(function + 1) : function + 1;
    }
    name[length] = 0;
    error_log_add(&place, number, sentence);
}

bool error_log_get(unsigned index, error_entry_view *out)
{
    bool is_there;

    lock_acquire(&log_lock);
    is_there = index < entry_count;
    if (is_there)
        *out = entries[(newest + ERROR_LOG_MOST - index) % ERROR_LOG_MOST];
    lock_release(&log_lock);
    return is_there;
}
