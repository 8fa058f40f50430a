#include "crowd.h"

#include "faults.h"
#include "messages.h"
#include "threads.h"

static DWORD draw_size(const crowd *c)
{
    if (c->large && choose(3) == 0)
        return 30000 + choose(1000);
    return c->numbered ? MESSAGE_HEAD + choose(100) : choose(200);
}

static void run_member(void *of)
{
    member *m = of;
    crowd *c = m->crowd;
    peer p;

    peer_open(&p, m->number, c->may_break);
    p.answer_ms = c->answer_ms;
    p.may_starve = c->may_starve;
    for (uint32_t i = 0; i < c->messages && !p.is_broken; i++)
    {
        peer_write(&p, draw_size(c));
        if (c->reads)
            peer_read(&p);
    }
    peer_close(&p);
    if (--c->left == 0)
        SetEvent(c->over);
}

void crowd_init(crowd *c, uint32_t messages, bool may_break)
{
    *c = (crowd){.messages = messages, .may_break = may_break, .reads = true, .answer_ms = INFINITE};
}

void crowd_begin(crowd *c, int count)
{
    faults_spare();
    c->over = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    c->count = c->left = count;
    for (int i = 0; i < count; i++)
    {
        c->members[i] = (member){c, (DWORD)i + 1, 0};
        c->members[i].thread = thread_begin(run_member, &c->members[i], "client");
    }
}

void crowd_end(crowd *c)
{
    for (int i = 0; i < c->count; i++)
        thread_wait(c->members[i].thread);
    CloseHandle(c->over);
}
