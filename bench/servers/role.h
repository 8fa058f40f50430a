/* role.h: what a server of the bench does with what its clients say. All servers in C and C++ share it, so that they
 * differ in how they read and write alone; the others do the same in their own language.
 *
 * Arguments: ROLE [SIZE [TOTAL]]. The roles:
 *   echo             each message goes back as it came
 *   sink SIZE TOTAL  takes messages; after each TOTAL bytes of a client it answers "done"
 *   source SIZE      a message of four bytes is a number, lowest byte first: so many messages of SIZE bytes go back
 *   broadcast SIZE   a number again: 0 is answered by "done", so that a client knows that it is known; any other makes
 *                    a message of SIZE bytes go to every client
 *   wrong            as echo, with bytes of its own instead of those that came: the client must not take that
 *
 * The bytes at place i of what source and broadcast send is i * 7 % 251. A role is set up once; then any thread may
 * call role_meet, one at a time for each client. */

#ifndef BENCH_ROLE_H
#define BENCH_ROLE_H

#include <stdbool.h>
#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum role_kind
{
    ROLE_ECHO,
    ROLE_SINK,
    ROLE_SOURCE,
    ROLE_BROADCAST,
    ROLE_WRONG
} role_kind;

typedef struct role
{
    role_kind kind;
    DWORD total;   /* bytes after which a sink answers */
    DWORD size;    /* bytes at message */
    BYTE *message; /* what source, broadcast and wrong send */
} role;

/* What is to be written: so many times, to who asked or to every client. */
typedef struct answer
{
    const BYTE *data;
    DWORD bytes, times;
    bool to_all;
} answer;

/* The longest message that a server reads at once, in bytes: as the library's MessageBufferSize. */
#define ROLE_BUFFER 131072

/* Reads the arguments behind the name of the pipe; ends the process with a line where they are wrong. */
void role_init(role *r, int argc, char **argv);

/* One message of a client has come. `received` is a field of that client, 0 at its beginning. */
void role_meet(const role *r, DWORD *received, const BYTE *data, DWORD bytes, answer *out);

/* A pipe's name, such as bench, as a path. The buffer must have MAX_PATH characters. */
void role_path(const char *name, char *path);

#ifdef __cplusplus
}
#endif

#endif
