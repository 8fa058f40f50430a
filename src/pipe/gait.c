#include "pipe/gait.h"

enum
{
    LONG_AFTER = 3,  /* messages: who sends many long ones gets a long read, and pays for no more calls than one */
    SHORT_AFTER = 16 /* messages */
};

static void take_gait(gait *g, gait_kind kind)
{
    g->kind = kind;
    switch (kind)
    {
    case GAIT_SHORT: g->room = g->short_size; break;
    case GAIT_EMPTY: g->room = 0; break;
    case GAIT_LONG: g->room = g->buffer_size; break;
    }
}

void gait_init(gait *g, DWORD buffer_size, bool may_be_empty)
{
    *g = (gait){.buffer_size = buffer_size, .may_be_empty = may_be_empty};
    g->short_size = buffer_size < READ_SHORT ? buffer_size : READ_SHORT;
    take_gait(g, GAIT_SHORT);
}

void gait_init_whole(gait *g, DWORD buffer_size)
{
    *g = (gait){.buffer_size = buffer_size, .short_size = buffer_size};
    take_gait(g, GAIT_SHORT);
}

void gait_rest(gait *g)
{
    g->in_a_row = 0;
    take_gait(g, g->may_be_empty ? GAIT_EMPTY : GAIT_SHORT);
}

/* One message that was longer than the buffer size makes reads empty for good: later ones like it come whole. */
static gait_kind after_a_long_one(const gait *g)
{
    if (!g->may_be_empty)
        return g->short_size < g->buffer_size ? GAIT_LONG
                                              : GAIT_SHORT; /* a long read must rest, a short one need not */
    if (g->outgrown || g->kind == GAIT_SHORT)
        return GAIT_EMPTY;
    return g->in_a_row >= LONG_AFTER ? GAIT_LONG : g->kind;
}

static gait_kind after_a_short_one(const gait *g)
{
    if (g->may_be_empty && g->outgrown)
        return GAIT_EMPTY;
    return g->in_a_row >= SHORT_AFTER ? GAIT_SHORT : g->kind;
}

void gait_took(gait *g, DWORD bytes, bool was_full)
{
    bool is_long = was_full || bytes > g->short_size;

    if (!is_long && g->kind == GAIT_SHORT)
        return;
    g->outgrown |= bytes > g->buffer_size;
    g->in_a_row = is_long == g->last_was_long ? g->in_a_row + 1 : 1;
    g->last_was_long = is_long;
    take_gait(g, is_long ? after_a_long_one(g) : after_a_short_one(g));
}
