/* Lanes that follow others: a connection that takes the place of one that has ended. */

#include "deliver/backlog.h"

void backlog_follow(lane *l, lane *earlier)
{
    CHECK(!l->follows && !earlier->followed_by);
    l->follows = earlier;
    earlier->followed_by = l;
}

void backlog_part(backlog *b, lane *l)
{
    lane *earlier = l->follows, *later = l->followed_by;

    l->follows = l->followed_by = NULL;
    if (earlier)
        earlier->followed_by = later;
    if (later)
        later->follows = earlier;
    backlog_settle_lane(b, later);
}
