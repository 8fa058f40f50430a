/* Dropping events of a backlog. */

#include "deliver/backlog.h"

static void drop_event(backlog *b, pipe_event *event, list *dropped)
{
    lane *l = event->lane;

    backlog_remove(b, event);
    if (event->kind == PIPE_DISCONNECTED)
        backlog_end_lane(b, l);
    if (event->kind == PIPE_READY)
        backlog_deliver_ready(b, l->run); /* nobody will be called for READY */
    list_append(dropped, &event->link);
}

static void drop_oldest(backlog *b, pipe_event *oldest, list *dropped)
{
    pipe_event *connected = oldest->kind == PIPE_DISCONNECTED ? oldest->lane->connected : NULL;

    if (connected)
        drop_event(b, connected, dropped);
    drop_event(b, oldest, dropped);
}

/* Returns the oldest event of the lane, CONNECTED apart; NULL if that is the newest event, which is kept. */
static pipe_event *oldest_of(const lane *l)
{
    list_link *link = list_first(&l->events);

    if (link && CONTAINER_OF(link, pipe_event, lane_link)->kind == PIPE_CONNECTED)
        link = list_next(&l->events, link);
    if (!link || link == list_last(&l->events))
        return NULL;
    return CONTAINER_OF(link, pipe_event, lane_link);
}

void backlog_drop_without_sinks(backlog *b, lane *l, list *dropped)
{
    audience *a = l->audience;
    pipe_event *oldest;

    while (l->receive_limit && l->charge > l->receive_limit && (oldest = oldest_of(l)) != NULL)
        drop_oldest(b, oldest, dropped);
    while (a->droppable_count > WITHOUT_SINKS_MAX)
        drop_oldest(b, CONTAINER_OF(list_first(&a->droppable), pipe_event, drop_link), dropped);
}

void backlog_clear_lane(backlog *b, lane *l, list *dropped)
{
    while (!list_empty(&l->events))
        drop_event(b, lane_first_event(l), dropped);
    backlog_end_lane(b, l);
}

void backlog_clear_run(backlog *b, run_state *r, list *dropped)
{
    list_link *link, *next;

    while ((link = list_first(&r->waiting)) != NULL)
        backlog_clear_lane(b, CONTAINER_OF(link, lane, waiting), dropped);
    for (unsigned i = 0; i < HANDLE_BUCKETS; i++)
        for (link = list_first(&b->handles.living[i]); link; link = next)
        {
            lane *l = CONTAINER_OF(link, lane, living);

            next = list_next(&b->handles.living[i], link);
            if (l->run == r)
                backlog_end_lane(b, l);
        }
}

void backlog_clear(backlog *b, list *dropped)
{
    list_link *link;

    while ((link = list_first(&b->runs)) != NULL)
        backlog_clear_run(b, CONTAINER_OF(link, run_state, link), dropped);
}
