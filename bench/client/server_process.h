/* server_process.h: the process at the other end of a pipe, as the system shows it to others. */

#ifndef BENCH_SERVER_PROCESS_H
#define BENCH_SERVER_PROCESS_H

#include <windows.h>

/* The process that made this instance; open for asking and for ending. Ends this process with a line where the
 * system does not tell. */
HANDLE server_process_open(HANDLE pipe);

/* The processor time that it has used, of all its threads, in seconds. */
double server_process_seconds(HANDLE process);

/* Its private bytes: PrivateUsage; or, where that is 0 as under Wine 8, PagefileUsage, which is what Windows says of
 * the same on versions that fill it, and under Wine the part of the private memory that was touched. */
double server_process_bytes(HANDLE process);

#endif
