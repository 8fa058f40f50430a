#include "ways.h"

#include "random.h"

#include <string.h>

ways_of_a_run ways;

static const char *names[32];
static uint32_t drawn;

/* Draws a flag's value, below `count`, and keeps its name. */
#define DRAW(flag, count) (names[drawn++] = #flag, ways.flag = random_below(RANDOM_WAYS, count))

/* The fields in their order: a flag added at the end leaves the draws of the others as they were. */
void ways_draw(void)
{
    drawn = 0;
    DRAW(restless_clock, 2);
    DRAW(more_data, 3);
    DRAW(fill, 3);
    DRAW(completes_late, 2);
    DRAW(drops_own_writes, 2);
    DRAW(connect_hangs, 2);
    DRAW(listener_ends_676, 2);
    DRAW(reuses_handles, 2);
    DRAW(reuses_thread_ids, 2);
    DRAW(ends_with_thread, 2);
    DRAW(messages_first, 2);
    DRAW(servers_keep_names, 2);
    DRAW(first_is_ignored, 2);
    DRAW(cancels_nothing, 2);
    DRAW(listener_stays, 2);
    DRAW(closed_port_waits, 2);
    DRAW(no_room_is_more, 2);
    DRAW(lists_nothing, 2);
    DRAW(keeps_process, 2);
    DRAW(breaks_in_turn, 2);
    DRAW(leaves_empty, 2);
    DRAW(network_parts, 2);
    DRAW(network_hangs, 2);
    DRAW(ends_without_result, 2);
    DRAW(network, UINT32_MAX);
    DRAW(tells_user_at_once, 2);
}

void ways_keep_names(void)
{
    ways.servers_keep_names = ways.first_is_ignored = ways.lists_nothing = false;
}

void ways_take_column(const char *column)
{
    bool is_windows = !strcmp(column, "winetest") || !strcmp(column, "windows"), is_wine8 = !strcmp(column, "wine8");
    bool is_wine = is_wine8 || !strcmp(column, "wine10");

    ways.restless_clock = false;
    ways.fill = FILL_BEFORE_PACKET;
    ways.completes_late = false;
    ways.connect_hangs = false;
    ways.more_data = is_windows ? MORE_DATA_PENDS : MORE_DATA_SKIPS;
    ways.drops_own_writes = is_wine;
    ways.listener_ends_676 = is_wine;
    ways.ends_with_thread = true;
    ways.ends_without_result = false;
    ways.messages_first = !is_wine;
    ways.servers_keep_names = is_wine || is_windows;
    ways.first_is_ignored = is_wine;
    ways.cancels_nothing = is_wine8;
    ways.listener_stays = is_wine;
    ways.closed_port_waits = is_wine8;
    ways.no_room_is_more = is_wine;
    ways.lists_nothing = is_wine;
    ways.keeps_process = is_wine;
    ways.breaks_in_turn = is_wine;
    ways.leaves_empty = is_wine;
    ways.tells_user_at_once = is_wine;
}

const char *ways_name(uint32_t place)
{
    return place < drawn ? names[place] : "";
}
