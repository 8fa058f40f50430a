/* link.h: the client's end of one pipe. All links of a process share one completion port, and one thread uses them.
 *
 * A link writes one message and reads one answer at a time; it is idle when neither is under way. A failure ends the
 * process with exit code 1 and a line: what is measured must have gone right. */

#ifndef BENCH_LINK_H
#define BENCH_LINK_H

#include <stdbool.h>
#include <windows.h>

typedef struct link link;

/* OVERLAPPED comes first: a packet brings its address. */
typedef struct link_request
{
    OVERLAPPED overlapped;
    link *owner;
    bool pending;
} link_request;

struct link
{
    link_request reading, writing;
    HANDLE pipe;
    bool by_message; /* the server's pipe has messages; otherwise a read may bring a part of one */
    BYTE *out, *in;  /* of `room` bytes each */
    DWORD room;
    DWORD wanted, have; /* bytes of the answer; how many have come */
    DWORD left;         /* what is still to be begun; the work's own */
    LONGLONG began;     /* when the exchange began; the work's own */
};

/* Opens \\.\pipe\NAME, for messages and answers of up to `room` bytes. If there is no such pipe yet, or all its
 * instances are taken, tries again for half a minute. link_close frees it; it must be idle. */
link *link_open(const char *name, DWORD room);
void link_close(link *l);

/* Gives the message that is sent next a content of its own, made of `number`. */
void link_fill(link *l, DWORD number);

/* Starts to write the first `bytes` of l->out, or to read an answer of so many bytes into l->in. */
void link_write(link *l, DWORD bytes);
void link_read(link *l, DWORD bytes);

bool link_is_idle(const link *l);

/* Waits until a link has become idle, and returns it. */
link *link_await(void);

/* Waits until this link is idle; all others must be. */
void link_settle(const link *l);

/* Ends the process where the answer is not what was sent (a wrong echo fails, however fast), or not what role.h says
 * that servers send of their own. */
void link_check_echo(const link *l);
void link_check_message(const link *l);

/* A line on stderr, and exit code 1. */
void link_fail(const char *what, DWORD error);

#endif
