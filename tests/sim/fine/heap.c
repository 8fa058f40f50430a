#include "fine/heap.h"

#include "failure.h"
#include "places.h"

#include <string.h>
#include <sys/mman.h>

#define ROOM ((size_t)256 << 20)
#define GRAIN 16
#define FILL 0xdd /* of what was freed, or not written yet */

enum
{
    NONE,
    LIVE,
    FREED
};

static char *room;
static unsigned char states[ROOM / GRAIN];
static size_t used;

static void map(void)
{
    room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        fail("the host has no memory for a heap");
}

void heap_begin(void)
{
    if (!room)
        map();
    memset(states, NONE, used / GRAIN);
    used = 0;
}

/* The grain before a block has its size. */
void *heap_alloc(size_t size, bool zero)
{
    size_t whole = (size + GRAIN - 1) / GRAIN * GRAIN;
    char *block = room + used + GRAIN;

    if (used + GRAIN + whole > ROOM)
        fail("the run takes more than %zu bytes of memory", ROOM);
    memcpy(room + used, &size, sizeof(size));
    memset(states + used / GRAIN + 1, LIVE, whole / GRAIN);
    memset(block, zero ? 0 : FILL, whole);
    used += GRAIN + whole;
    return block;
}

size_t heap_size(const void *memory)
{
    size_t size;

    memcpy(&size, (const char *)memory - GRAIN, sizeof(size));
    return size;
}

void heap_free(void *memory)
{
    size_t whole = (heap_size(memory) + GRAIN - 1) / GRAIN * GRAIN;
    unsigned char *of = states + ((char *)memory - room) / GRAIN;

    if (whole && *of != LIVE)
        fail("memory is freed twice");
    memset(of, FREED, whole / GRAIN);
    memset(memory, FILL, whole);
}

void heap_check(const void *address, const char *what, const void *from)
{
    size_t place = (size_t)((const char *)address - room);
    char words[80];

    if (place >= ROOM || states[place / GRAIN] == LIVE)
        return;
    place_words(place_of(from), words, sizeof(words));
    fail("%s %s memory that %s", words, what, states[place / GRAIN] == FREED ? "was freed" : "is in no block");
}
