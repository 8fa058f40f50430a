/* files.h: one end of a pipe, as a file object. */

#ifndef SIM_FILES_H
#define SIM_FILES_H

#include "objects.h"

struct pipe;
struct port_object;

typedef struct file
{
    object head;
    struct pipe *pipe; /* NULL: the server has disconnected this client */
    int side;          /* of the pipe */
    bool overlapped;
    bool is_peer; /* opened by a scenario, which may do what the product must not */
    bool skips_success;
    bool is_remote;           /* opened over the network */
    bool is_disk;             /* a file, which a path led to */
    DWORD access;             /* as asked for; of the server's end: all that the pipe's direction allows */
    struct port_object *port; /* held; NULL: not bound */
    ULONG_PTR key;
} file;

/* Signals an event that may have been closed since the request began. */
void event_set(HANDLE event);

#endif
