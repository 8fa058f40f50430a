#include "tables.h"

#include "failure.h"
#include "pipe/connection.h"

#include <stdio.h>

#define SCENARIOS_MOST 128
#define ROWS_MOST 256
#define CODES_MOST 4
#define STATES 5

static int scenario;

void tables_scenario(int number)
{
    if (number >= SCENARIOS_MOST)
        fail("there are more than %d scenarios", SCENARIOS_MOST);
    scenario = number;
}

/* ---- faults ---- */

static unsigned long faults[FAULT_PLACES][CODES_MOST];
static bool failed_in[FAULT_PLACES][SCENARIOS_MOST];

void table_fault(fault_place place, int code)
{
    faults[place][code]++;
    failed_in[place][scenario] = true;
}

void tables_tell_faults(void)
{
    int places = 0, codes = 0, made = 0;

    printf("%-36s %9s  times, by code\n", "fails on purpose", "scenarios");
    for (int place = 0; place < FAULT_PLACES; place++)
    {
        int scenarios = 0;

        for (int i = 0; i < SCENARIOS_MOST; i++)
            scenarios += failed_in[place][i];
        places += scenarios != 0;
        printf("%-36s %9d ", fault_name((fault_place)place), scenarios);
        for (int code = 0; code < faults_codes((fault_place)place); code++)
        {
            codes++;
            made += faults[place][code] != 0;
            printf(" %u: %lu", faults_code((fault_place)place, code), faults[place][code]);
        }
        printf("\n");
    }
    printf("faults: %d of %d functions failed on purpose, with %d of %d codes\n", places, FAULT_PLACES, made, codes);
}

/* ---- states ---- */

typedef struct row
{
    const char *what;
    int detail; /* a Win32 code; -1: bytes came; -2: nothing more to say */
    unsigned long count[STATES];
} row;

static row rows[ROWS_MOST];
static int row_count;

static row *row_of(const char *what, int detail)
{
    for (int i = 0; i < row_count; i++)
        if (rows[i].detail == detail && !strcmp(rows[i].what, what))
            return &rows[i];
    if (row_count == ROWS_MOST)
        fail("the table of states has more than %d rows", ROWS_MOST);
    rows[row_count] = (row){.what = what, .detail = detail};
    return &rows[row_count++];
}

static void count(const connection *c, const char *what, int detail)
{
    row_of(what, detail)->count[c->state]++;
}

void table_event(const connection *c, const char *what)
{
    count(c, what, -2);
}

/* Returns the connection whose request this is. */
static const connection *owner_of(const char *function, const OVERLAPPED *overlapped)
{
    const operation *op = CONTAINER_OF(overlapped, operation, overlapped);

    if (!strcmp(function, "ReadFile"))
        return CONTAINER_OF(op, connection, read);
    if (!strcmp(function, "WriteFile"))
        return CONTAINER_OF(op, connection, write);
    return CONTAINER_OF(op, connection, connect);
}

void table_result(const char *function, const OVERLAPPED *overlapped, DWORD error, DWORD bytes)
{
    count(owner_of(function, overlapped), function, !error && bytes ? -1 : (int)error);
}

static void tell_row(const row *r)
{
    char name[64];

    if (r->detail == -2)
        snprintf(name, sizeof(name), "%s", r->what);
    else if (r->detail == -1)
        snprintf(name, sizeof(name), "%s ends with bytes", r->what);
    else
        snprintf(name, sizeof(name), "%s ends with %d", r->what, r->detail);
    printf("%-44s", name);
    for (int state = 0; state < STATES; state++)
        if (r->count[state])
            printf(" %10lu", r->count[state]);
        else
            printf(" %10s", "-");
    printf("\n");
}

static bool is_before(const row *a, const row *b)
{
    int order = strcmp(a->what, b->what);

    return order ? order < 0 : a->detail < b->detail;
}

void tables_tell_states(void)
{
    int met = 0;

    printf("%-44s %10s %10s %10s %10s %10s\n", "what comes, by the connection's state", "LISTENING", "DIALING", "OPEN",
           "DRAINING", "CLOSING");
    for (int i = 1; i < row_count; i++)
        for (int k = i; k > 0 && is_before(&rows[k], &rows[k - 1]); k--)
        {
            row taken = rows[k];

            rows[k] = rows[k - 1];
            rows[k - 1] = taken;
        }
    for (int i = 0; i < row_count; i++)
    {
        tell_row(&rows[i]);
        for (int state = 0; state < STATES; state++)
            met += rows[i].count[state] != 0;
    }
    printf("states: %d things came to connections, in %d pairs of a thing and a state\n", row_count, met);
}
