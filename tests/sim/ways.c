#include "ways.h"

#include "random.h"

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
    ways.tells_user_at_once = flip();
}
