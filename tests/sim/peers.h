/* peers.h: clients that know nothing of the product: they use the functions of windows.h alone, and may do what clients
 * do. Their own calls do not fail on purpose. */

#ifndef SIM_PEERS_H
#define SIM_PEERS_H

#include <windows.h>

#include <stdbool.h>

typedef struct peer
{
    DWORD number; /* tells its messages apart */
    HANDLE handle, event;
    DWORD sent, received;
    DWORD within;    /* ms in which a request must end; 0: ten minutes */
    bool is_broken;  /* a call failed: the server has gone, or refuses */
    bool may_break;  /* the scenario ends the server while the client is at work */
    bool may_starve; /* answers may be missing, or come in another order */
    DWORD answer_ms; /* a read that takes longer is a violation, if nothing else took the time; see peer_read */
} peer;

/* Opens the pipe; waits while it is busy, and a while for one that is missing. */
void peer_open(peer *p, DWORD number, bool may_break);
/* Writes one message of `size` bytes. */
void peer_write(peer *p, DWORD size);
/* Writes these bytes. */
void peer_write_bytes(peer *p, const void *data, DWORD size);
/* Reads one message, which must be the next of its own that comes back. If `answer_ms` is not INFINITE, it must come
 * within that time, in a run without a fault in which time has passed only when nobody could run. */
void peer_read(peer *p);
/* Reads until `size` bytes have come, whatever they are. */
void peer_read_all(peer *p, DWORD size);
/* Reads until `size` bytes have come, into `data`. */
void peer_read_bytes(peer *p, BYTE *data, DWORD size);
/* Begins to write, cancels when some steps have passed, and waits for the end. */
void peer_write_and_cancel(peer *p, DWORD size);
/* Waits until a read of the server waits in the empty pipe, or the server has left. */
void peer_await_reader(peer *p);
void peer_close(peer *p);

#endif
