/* bench_client WORK SIZE CLIENTS LIMIT ROUNDS PIPE [PIPE]: does a work of work.h with one server or with two in turn,
 * checks each answer, and prints lines of JSON. LIMIT is 150ms or a number of messages.
 * Ends with 1 and a line where an answer is wrong or does not come. */

#include "link.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct
{
    const char *name;
    void (*work)(const work_order *order);
} works[] = {
    {"echo", work_echo},           {"cycles", work_cycles}, {"flood_in", work_flood_in}, {"flood_out", work_flood_out},
    {"broadcast", work_broadcast}, {"crowd", work_crowd},   {"end", work_end},
};

int main(int argc, char **argv)
{
    work_order order = {0};
    size_t i;

    if (argc < 7 || argc > 6 + WORK_PIPES)
    {
        fprintf(stderr, "usage: bench_client WORK SIZE CLIENTS LIMIT ROUNDS PIPE [PIPE]\n");
        return 2;
    }
    order.size = strtoul(argv[2], NULL, 10);
    order.clients = atoi(argv[3]);
    order.limit = sample_limit_of(argv[4]);
    order.rounds = atoi(argv[5]);
    order.pipes = argc - 6;
    for (i = 0; (int)i < order.pipes; i++)
        order.names[i] = argv[6 + i];
    for (i = 0; i < ARRAYSIZE(works); i++)
    {
        if (strcmp(argv[1], works[i].name) == 0)
        {
            works[i].work(&order);
            return 0;
        }
    }
    fprintf(stderr, "There is no work %s.\n", argv[1]);
    return 2;
}
