/* Games: what both ends of a pipe do is thrown with dice, each game by its number. The sum of a game's answers is its
 * fact; the answers themselves are told in lines that begin with #. They show what nobody thought of asking. */

#include "conform.h"

#include <stdio.h>

#ifndef DICE_FIRST /* others are for a comparison of one's own */
#define DICE_FIRST 1
#define DICE_GAMES 40
#endif
#define THROWS 40
#define REQUESTS_MOST 6
#define QUOTA 100

typedef struct game
{
    uint32_t dice; /* their state */
    pair p;
    HANDLE port;                     /* NULL: none */
    request requests[REQUESTS_MOST]; /* those of no end are free */
    unsigned answers;
    uint32_t sum;
} game;

/* ---- dice ---- */

/* The generator of Numerical Recipes; its upper bits are the better ones. */
static unsigned throw_of(game *g, unsigned sides)
{
    g->dice = g->dice * 1664525u + 1013904223u;
    return (g->dice >> 16) % sides;
}

static DWORD size_of(game *g, bool may_be_large)
{
    switch (throw_of(g, may_be_large ? 4 : 3))
    {
    case 0: return throw_of(g, 3);
    case 1: return 1 + throw_of(g, 20);
    case 2: return 20 + throw_of(g, QUOTA);
    default: return QUOTA + throw_of(g, 2 * QUOTA);
    }
}

/* ---- telling ---- */

static void add_up(game *g, const char *text)
{
    for (; *text; text++)
        g->sum = (g->sum ^ (unsigned char)*text) * 16777619u;
}

static void note(game *g, const char *what, const char *answer)
{
    printf("#   %s: %s\n", what, answer);
    add_up(g, what);
    add_up(g, answer);
    g->answers++;
}

/* The number of a request, or that of none of them: those of read_now. */
static unsigned number_of(const game *g, const OVERLAPPED *overlapped)
{
    for (unsigned i = 0; i < REQUESTS_MOST; i++)
        if (overlapped == &g->requests[i].overlapped)
            return i;
    return REQUESTS_MOST;
}

static void take_packets(game *g)
{
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    for (;;)
    {
        BOOL ok = GetQueuedCompletionStatus(g->port, &bytes, &key, &overlapped, 0);
        DWORD error = ok ? 0 : GetLastError();

        if (!overlapped)
            return;
        note(g, words("packet of %s, %u", key ? "client" : "server", number_of(g, overlapped)),
             words("%u bytes, %s", (unsigned)bytes, code(error)));
    }
}

static void look(game *g)
{
    if (g->port)
        take_packets(g);
    for (unsigned i = 0; i < REQUESTS_MOST; i++)
        if (g->requests[i].end && WaitForSingleObject(g->requests[i].overlapped.hEvent, 0) == WAIT_OBJECT_0)
        {
            note(g, words("%u ends", i), ended(&g->requests[i]));
            g->requests[i].end = NULL;
        }
}

/* ---- moves ---- */

static request *free_request(game *g)
{
    for (unsigned i = 0; i < REQUESTS_MOST; i++)
        if (!g->requests[i].end)
            return &g->requests[i];
    return NULL;
}

static const char *name_of(const game *g, HANDLE end)
{
    return end == g->p.server ? "server" : "client";
}

static void begin(game *g, bool reads, HANDLE end)
{
    request *r = free_request(g);
    DWORD size = size_of(g, true);

    if (!r)
        return;
    if (reads)
        begin_read(r, end, size);
    else
        begin_long_write(r, end, size);
    note(g,
         words("%u: %s, %s of %u", number_of(g, &r->overlapped), name_of(g, end), reads ? "read" : "write",
               (unsigned)size),
         said(r));
    if (r->error != ERROR_IO_PENDING)
    {
        forget(r);
        r->end = NULL;
    }
}

static void cancel_one(game *g)
{
    unsigned i = throw_of(g, REQUESTS_MOST);

    if (g->requests[i].end)
        note(g, words("%u: cancel", i), result(CancelIoEx(g->requests[i].end, &g->requests[i].overlapped)));
}

static void change_mode(game *g, HANDLE end)
{
    DWORD mode = throw_of(g, 2) ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;

    note(g, words("%s, reads %s", name_of(g, end), mode ? "messages" : "bytes"),
         result(SetNamedPipeHandleState(end, &mode, NULL, NULL)));
}

static void move(game *g)
{
    HANDLE end = throw_of(g, 2) ? g->p.server : g->p.client;

    switch (throw_of(g, 9))
    {
    case 0:
    case 1:
    case 2: begin(g, true, end); break;
    case 3:
    case 4:
    case 5: begin(g, false, end); break;
    case 6: note(g, words("%s, peek", name_of(g, end)), peeked(end)); break;
    case 7: cancel_one(g); break;
    case 8:
        if (throw_of(g, 4) == 0)
            change_mode(g, end);
        break;
    }
    look(g);
}

/* One end goes, or the server disconnects the other; the one that stays reads what there is. */
static void end_game(game *g)
{
    unsigned how = throw_of(g, 3);
    HANDLE *leaves = how ? &g->p.server : &g->p.client, *stays = how ? &g->p.client : &g->p.server;

    if (how == 2)
        note(g, "disconnect", result(DisconnectNamedPipe(g->p.server)));
    else
        leave(leaves);
    look(g);
    note(g, "the other, peek", peeked(*stays));
    for (unsigned i = 0; i < 3; i++)
        note(g, "the other, read", read_now(*stays, size_of(g, true)));
    look(g);
    pair_close(&g->p);
    look(g);
}

/* Half of the games have a port, half of these skip what succeeds at once. */
static void open_port(game *g)
{
    if (throw_of(g, 2))
        return;
    g->port = CreateIoCompletionPort(g->p.server, NULL, 0, 0);
    CreateIoCompletionPort(g->p.client, g->port, 1, 0);
    if (throw_of(g, 2))
        return;
    note(g, "skip", result(SetFileCompletionNotificationModes(g->p.server, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)));
    SetFileCompletionNotificationModes(g->p.client, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
}

static void play(unsigned number)
{
    static game g; /* too large for a stack */

    memset(&g, 0, sizeof(g));
    g.dice = number;
    g.sum = 2166136261u;
    for (unsigned i = 0; i < 5; i++)
        throw_of(&g, 2);
    printf("# game %u\n", number);
    g.p = throw_of(&g, 3) ? pair_of_messages(QUOTA) : pair_of_bytes(QUOTA);
    open_port(&g);
    for (unsigned i = 0; i < THROWS; i++)
        move(&g);
    end_game(&g);
    if (g.port)
        CloseHandle(g.port);
    tell(words("game %u", number), words("%u answers, %08x", g.answers, (unsigned)g.sum));
}

void conform_dice(void)
{
    unsigned first = DICE_FIRST;

    for (unsigned i = 0; i < DICE_GAMES; i++)
        play(first + i);
}
