/* conform.h: what the stories of this folder are made of. A story uses functions of Windows alone and tells what it
 * saw, one line a fact. The same source is built against the stand-in of tests/sim and for Windows, and NAME.columns
 * beside NAME.c has the answers: by NPFS's source, by Windows' documentation, by each Wine, by Windows.
 *
 * One story runs after the other; each closes all that it opened. */

#ifndef SIM_CONFORM_H
#define SIM_CONFORM_H

#include "scenario.h"

#include <windows.h>

#include <stdbool.h>

#define PATH L"\\\\.\\pipe\\conform"

/* ---- telling ---- */

/* Tells one fact: what was done, and the answer. The same answer must come whenever the story runs on one system. */
void tell(const char *what, const char *answer);
/* Returns a text that lasts for seven more calls of the functions of this header. */
const char *words(const char *format, ...);
/* Returns the name of a Win32 code, "success" for 0. */
const char *code(DWORD error);
/* Returns "success" for true, else the name of the last error. */
const char *result(BOOL ok);

/* ---- ends of the pipe ---- */

/* Each returns INVALID_HANDLE_VALUE and leaves the last error if it fails. Ends are overlapped and go both ways. */
HANDLE server_of_messages(DWORD quota);
HANDLE server_of_bytes(DWORD quota);
/* Opens the client's end, which then reads bytes. */
HANDLE client(void);
/* Makes an end read messages. */
void read_messages(HANDLE end);

typedef struct pair
{
    HANDLE server, client;
} pair;

/* A connected pipe of messages with room for `quota` bytes each way. */
pair pair_of_messages(DWORD quota);
pair pair_of_bytes(DWORD quota);
/* Closes what is open of it. */
void pair_close(pair *p);
/* Closes a handle and forgets it. */
void leave(HANDLE *end);
/* Returns "opened" or the name of the last error. Closes the handle. */
const char *opened(HANDLE end);

/* ---- requests ---- */

#define DATA_MOST 4000

typedef struct request
{
    OVERLAPPED overlapped; /* with an event of its own */
    HANDLE end;
    DWORD error; /* what the call said; 0: success */
    bool is_read, is_connect;
    BYTE data[DATA_MOST];
} request;

void begin_read(request *r, HANDLE end, DWORD size);
void begin_write(request *r, HANDLE end, const char *text);
/* Writes `size` letters. */
void begin_long_write(request *r, HANDLE end, DWORD size);
void begin_connect(request *r, HANDLE end);

/* Returns what the call said: "waits", an error, or as `ended` does what a request moved that ended at once. */
const char *said(const request *r);
/* Returns "still waits" if the request has not ended within 100 ms, else "has ended". */
const char *still(const request *r);
/* Waits for the end of a request and returns how it ended: `more data, "abc"`. One that does not end within two seconds
 * is cancelled. Frees its event: the last call for a request whose call did not fail. */
const char *ended(request *r);
/* Frees the event of a request whose call failed or whose end is of no interest any more. */
void forget(request *r);

/* Reads, or writes, and returns how that ended. */
const char *read_now(HANDLE end, DWORD size);
const char *write_now(HANDLE end, const char *text);
const char *connect_now(HANDLE end);
/* Returns what PeekNamedPipe tells. */
const char *peeked(HANDLE end);

/* ---- completion ports ---- */

/* Takes a packet, waits 100 ms for it at most, and returns its key, bytes and error. */
const char *taken(HANDLE port);

/* ---- the stories ---- */

void conform_blocking(void);
void conform_bytes(void);
void conform_cancelled_connects(void);
void conform_cancelled_reads(void);
void conform_cancelled_writes(void);
void conform_closed_port(void);
void conform_closing(void);
void conform_dice(void);
void conform_directions(void);
void conform_disconnecting(void);
void conform_ended_threads(void);
void conform_events(void);
void conform_handle_state(void);
void conform_instances(void);
void conform_messages(void);
void conform_names(void);
void conform_packets(void);
void conform_quotas(void);
void conform_results(void);
void conform_skipping(void);
void conform_states(void);
void conform_waiting(void);

#endif
