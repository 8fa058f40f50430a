/* status.h: NTSTATUS values, which stand in OVERLAPPED.Internal, and the Win32 codes that the functions make of them.
 * The pairs are those of RtlNtStatusToDosError. */

#ifndef SIM_STATUS_H
#define SIM_STATUS_H

#include <windows.h>

/* Returns the status of a result that a request can have. */
ULONG_PTR status_of(DWORD error);
DWORD status_error(ULONG_PTR status);

#endif
