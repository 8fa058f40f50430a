/* requests.h: overlapped requests, from the call that began one to its result.
 *
 * A request that pends ends in two steps: something decides its result (request_end), then the system tells of it: sets
 * the result, signals the event, queues the packet. By the seed a thread of the system does the second step, or the
 * function that ended the request does so before it returns (requests_tell). */

#ifndef SIM_REQUESTS_H
#define SIM_REQUESTS_H

#include "objects.h"

typedef struct request request;
struct request
{
    request *next;     /* of all that have no result yet, or of those to be told of */
    struct file *file; /* held */
    OVERLAPPED *overlapped;
    void *data; /* of a read */
    DWORD size;
    int thread;
    const char *name;   /* ReadFile, WriteFile, ConnectNamedPipe */
    bool has_no_result; /* see ways.ends_without_result */
    bool cancelled;     /* a wait for a client that was cancelled and hangs */
    DWORD error, bytes;
    void (*cancel)(request *r); /* takes the request out of where it waits and ends it */
    void *place;                /* where it waits; of the pipe's */
};

/* With true, an end may have several requests of a sort at a time: the product never has, the stories of conform do. */
extern bool requests_may_double;

void requests_begin(void);
/* Ends a run: no request may be left. */
void requests_end(void);

/* Marks an OVERLAPPED as pending and resets its event: what each function does first. */
void request_prepare(OVERLAPPED *overlapped);
/* Makes a request that pends, of a prepared OVERLAPPED. A request of the same sort that is under way for this end is a
 * violation, unless requests_may_double is set. */
request *request_begin(struct file *f, const char *name, OVERLAPPED *overlapped, void *data, DWORD size);
/* Decides the result. The request is freed when the system has told of it. No point: a pipe may be half changed. */
void request_end(request *r, DWORD error, DWORD bytes);
/* Tells of the requests that ended, unless the system's thread is to do so. Call it when the pipe is whole again. */
void requests_tell(void);
/* Gives the result of a request that ended inside its call: sets the OVERLAPPED, the event, and queues the packet that
 * is due by the file's mode. Returns what the function of windows.h returns, with the last error set. */
BOOL request_ended_at_once(struct file *f, const char *name, OVERLAPPED *overlapped, DWORD error, DWORD bytes);

/* Memory is about to be freed; no request may need it. */
void requests_forbid(const void *memory, size_t size);
void requests_cancel_of_thread(int thread);

#endif
