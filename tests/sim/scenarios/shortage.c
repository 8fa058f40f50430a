#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

#define RETRY_FOR_MS 30000 /* how long a message is tried: src/pipe/writing.c */
#define RETRY_LAST_MS 1000 /* the longest pause between two tries */

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool message_was_given_up(void *of)
{
    return ((const watch *)of)->errors != 0;
}

static void write_two(watch *server)
{
    BYTE data[100];

    for (DWORD number = 0; number < 2; number++)
    {
        message_fill(data, sizeof(data), 1, number);
        view_write(server->views, data, sizeof(data));
    }
}

/* A message of more than a megabyte is refused at once: it would wait for memory that there may never be. */
static void write_long(watch *server, DWORD code)
{
    static BYTE data[1024 * 1024 + 1];

    faults_shortage(FAULT_WRITE, code);
    view_write(server->views, data, sizeof(data));
    if (expect_within(AT_ONCE_MS, message_was_given_up, server, "an error") && server->last_error != code &&
        !faults_made())
        fail("a long message that the system refuses with %u is given up with %u", code, server->last_error);
    faults_shortage(FAULT_WRITE, 0);
    server->errors = 0;
}

static void end_shortage(uint32_t after)
{
    Sleep(after);
    faults_shortage(FAULT_WRITE, 0);
}

/* Windows has no memory for messages for a while. A short shortage only delays them; after half a minute the first
 * message is given up with the code that Windows gave, and the second is tried. */
void scenario_shortage(void)
{
    static const DWORD codes[] = {ERROR_NO_SYSTEM_RESOURCES, ERROR_WORKING_SET_QUOTA, ERROR_INVALID_USER_BUFFER};
    DWORD code = codes[choose(3)];
    bool is_long = choose(2);
    watch server;
    peer client;

    watch_begin(&server);
    server.numbers_skip = true; /* the client's first message is not its number 0 */
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        if (!client.is_broken && expect_within(AT_ONCE_MS, has_client, &server, "CONNECTED"))
        {
            uint64_t begun = scheduler_now();

            if (choose(4) == 0)
                write_long(&server, code);
            faults_shortage(FAULT_WRITE, code);
            write_two(&server);
            if (is_long && expect_within(RETRY_FOR_MS + RETRY_LAST_MS, message_was_given_up, &server, "an error"))
            {
                expect_took(begun, RETRY_FOR_MS, RETRY_FOR_MS + RETRY_LAST_MS, "the tries of a message");
                if (server.last_error != code && !faults_made())
                    fail("a message that the system refuses with %u is given up with %u", code, server.last_error);
                client.received = 1; /* the first is lost */
            }
            end_shortage(is_long ? 0 : choose(20000));
            client.within = RETRY_LAST_MS;
            peer_read(&client);
            if (!is_long)
                peer_read(&client);
            /* Another shortage has its own half minute. */
            client.sent = client.received;
            faults_shortage(FAULT_WRITE, code);
            peer_write(&client, 100);
            end_shortage(29000);
            peer_read(&client);
        }
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}
