/* pipe.h: one instance of a pipe: its states, its two queues, its ends. The rules are NPFS's, read in ReactOS,
 * drivers/filesystems/npfs; each function of pipe.c names the file of its rule.
 *
 * Nothing here is a point. A caller that may have ended requests calls requests_tell afterwards. */

#ifndef SIM_PIPE_H
#define SIM_PIPE_H

#include "files.h"
#include "names.h"
#include "requests.h"

enum
{
    SIDE_SERVER,
    SIDE_CLIENT
};

/* The numbers are those of FILE_PIPE_LOCAL_INFORMATION. */
typedef enum pipe_state
{
    PIPE_STATE_DISCONNECTED = 1,
    PIPE_STATE_LISTENING = 2,
    PIPE_STATE_CONNECTED = 3,
    PIPE_STATE_CLOSING = 4 /* one end is closed */
} pipe_state;

/* A read or a write that waits. */
typedef struct entry
{
    struct entry *next;
    request *request; /* NULL: a write that has ended, since all of it has room */
    DWORD size;
    DWORD room; /* of the quota, that a write has */
    BYTE data[];
} entry;

typedef struct queue
{
    entry *first;
    bool reads; /* the entries are reads, not writes */
    DWORD quota, used;
    DWORD offset; /* bytes of the first write that were read */
} queue;

typedef struct pipe
{
    struct pipe *next; /* of the name */
    pipe_name *name;
    pipe_state state;
    queue queues[2];       /* by the side that reads */
    bool read_messages[2]; /* by the side that reads */
    bool refuses_remote;   /* clients of other computers */
    request *listening;
    bool tells_user; /* the server may impersonate the client (secursup.c) */
    file *ends[2];   /* NULL: closed, or no client */
} pipe;

/* Returns a Win32 code. */
DWORD pipe_read(file *f, const char *name, OVERLAPPED *overlapped, void *data, DWORD size, DWORD *bytes);
DWORD pipe_write(file *f, const char *name, OVERLAPPED *overlapped, const void *data, DWORD size, DWORD *bytes);
DWORD pipe_connect(file *f, const char *name, OVERLAPPED *overlapped);
DWORD pipe_disconnect(file *f);
DWORD pipe_peek(const file *f, DWORD *waiting, DWORD *left);

/* Makes a file object that is no pipe's end. */
file *file_create(void);
/* Makes an instance that listens, with the server's end. */
file *pipe_create(pipe_name *n, DWORD out_quota, DWORD in_quota);
/* Returns an instance that listens, or NULL. */
pipe *pipe_that_listens(const pipe_name *n);
/* Returns whether a server has an end of the name. */
bool pipe_has_server(const pipe_name *n);
/* Opens the client's end of an instance that listens. */
file *pipe_open_client(pipe *p);

#endif
