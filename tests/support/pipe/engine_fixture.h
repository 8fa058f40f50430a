/* engine_fixture.h: an engine, its owner, its pipe's name, and the checks that every test of it ends with: all handed
 * back, the rules of pipe.h kept, handles, threads and memory back where they were. */

#ifndef SUPPORT_PIPE_ENGINE_FIXTURE_H
#define SUPPORT_PIPE_ENGINE_FIXTURE_H

#include <gtest/gtest.h>

#include "support/leaks.h"
#include "support/pipe/background.h"
#include "support/pipe/engine_owner.h"
#include "support/pipe/hook.h"
#include "support/pipe/raw_client.h"
#include "support/pipe/seams.h"

/* \\.\pipe\ and a name that no one else has: this process' id and a number. */
std::wstring unique_pipe_path();

class engine_test : public test_with_hooks
{
  private:
    leak_check leaks; /* first and last: all else ends before it looks */

  protected:
    std::wstring path = unique_pipe_path();
    engine_settings settings = {};
    engine *e = nullptr;

    /* Two workers, four instances ahead, buffers of 1,024 bytes, reading continuously, no limits. */
    engine_test();
    ~engine_test() override;
    void TearDown() override;

    /* engine_open, engine_listen, engine_run; READY has come. */
    void start();
    DWORD open();

    /* A client, and the connection that it has become. */
    raw_client client;
    connection *c = nullptr;
    void start_with_client();
    connection *connect(raw_client &another);

    /* connection_write of a payload made for it. */
    DWORD write(connection *to, const message &m, int cookie = 0);
    DWORD write(connection *to, const char *text, int cookie = 0);
    DWORD read(connection *from, int cookie = 0);

    /* Begins to close the engine and waits for its end. */
    void stop(close_manner manner = CLOSE_AT_ONCE);
    /* `stop`, if need be, then the last references: nothing of the engine is left. TearDown calls it. */
    void finish();

    seams system;
    recording_owner owner;
};

#endif
