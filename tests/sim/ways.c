#include "ways.h"

#include "random.h"

#include <string.h>

ways_of_a_run ways;

static bool flip(void)
{
    return random_below(RANDOM_WAYS, 2) != 0;
}

/* The fields in their order: a flag added at the end leaves the draws of the others as they were. */
void ways_draw(void)
{
    ways.restless_clock = flip();
    ways.more_data_queues = flip();
    ways.fill = (fill_way)random_below(RANDOM_WAYS, 3);
    ways.completes_late = flip();
    ways.drops_own_writes = flip();
    ways.connect_hangs = flip();
    ways.listener_ends_676 = flip();
    ways.reuses_handles = flip();
    ways.reuses_thread_ids = flip();
    ways.ends_with_thread = flip();
    ways.servers_keep_names = flip();
    ways.first_is_ignored = flip();
    ways.cancels_nothing = flip();
    ways.listener_stays = flip();
    ways.closed_port_waits = flip();
    ways.no_room_is_more = flip();
    ways.lists_nothing = flip();
    ways.keeps_process = flip();
    ways.network_parts = flip();
    ways.network_hangs = flip();
    ways.ends_without_result = flip();
    ways.network = random_below(RANDOM_WAYS, UINT32_MAX);
}

void ways_keep_names(void)
{
    ways.servers_keep_names = ways.first_is_ignored = ways.lists_nothing = false;
}

void ways_take_column(const char *column)
{
    bool is_wine = !strncmp(column, "wine", 4), is_wine8 = !strcmp(column, "wine8");

    ways.restless_clock = false;
    ways.fill = FILL_BEFORE_PACKET;
    ways.completes_late = false;
    ways.connect_hangs = false;
    ways.more_data_queues = false;
    ways.drops_own_writes = is_wine;
    ways.listener_ends_676 = is_wine;
    ways.ends_with_thread = true;
    ways.servers_keep_names = is_wine;
    ways.first_is_ignored = is_wine;
    ways.cancels_nothing = is_wine8;
    ways.listener_stays = is_wine;
    ways.closed_port_waits = is_wine8;
    ways.no_room_is_more = is_wine;
    ways.lists_nothing = is_wine;
    ways.keeps_process = is_wine;
}

const char *ways_name(uint32_t place)
{
    static const char *const names[] = {
        "restless_clock", "more_data_queues",  "fill",           "completes_late",    "drops_own_writes",
        "connect_hangs",  "listener_ends_676", "reuses_handles", "reuses_thread_ids", "ends_with_thread"};

    return place < sizeof(names) / sizeof(names[0]) ? names[place] : "a flag without a name";
}
