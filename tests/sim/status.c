#include "status.h"

#include "failure.h"

typedef struct row
{
    DWORD error, status;
} row;

static const row rows[] = {
    {ERROR_SUCCESS, 0},
    {ERROR_MORE_DATA, 0x80000005u},          /* STATUS_BUFFER_OVERFLOW */
    {ERROR_OPERATION_ABORTED, 0xc0000120u},  /* STATUS_CANCELLED */
    {ERROR_BROKEN_PIPE, 0xc000014bu},        /* STATUS_PIPE_BROKEN */
    {ERROR_PIPE_NOT_CONNECTED, 0xc00000b0u}, /* STATUS_PIPE_DISCONNECTED */
    {ERROR_BAD_PIPE, 0xc00000adu},           /* STATUS_INVALID_PIPE_STATE */
    {ERROR_SEM_TIMEOUT, 0xc00000b5u},        /* STATUS_IO_TIMEOUT */
    {ERROR_HANDLES_CLOSED, 0x8000000au},     /* STATUS_HANDLES_CLOSED */
    {ERROR_IO_INCOMPLETE, STATUS_PENDING},
};

ULONG_PTR status_of(DWORD error)
{
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
        if (rows[i].error == error)
            return rows[i].status;
    fail("a request ends with %u, whose status the stand-in does not know", error);
}

DWORD status_error(ULONG_PTR status)
{
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
        if (rows[i].status == status)
            return rows[i].error;
    fail("status %#lx is unknown to the stand-in", (unsigned long)status);
}
