/* program.h: pipe.exe as a process of its own: what it is told, what it says, how it ends.
 *
 * One thread at a time. What waits has a deadline. */

#ifndef SUPPORT_TOOL_PROGRAM_H
#define SUPPORT_TOOL_PROGRAM_H

#include "support/pipe/background.h"
#include "support/pipe/raw_client.h"

#include <string>

/* What a process writes, read as it comes. */
class heard_text
{
  public:
    heard_text();
    ~heard_text();

    HANDLE end_for_child() const;
    void child_has_it(); /* closes our copy, so that the end of the child is seen */

    std::string text() const;
    bool wait_for(const std::string &part, DWORD ms = patience) const;
    void join();

  private:
    HANDLE reading, writing;
    mutable SRWLOCK lock = SRWLOCK_INIT;
    mutable CONDITION_VARIABLE more = CONDITION_VARIABLE_INIT;
    std::string so_far;
    bool ended = false;
    std::unique_ptr<background> reader;

    void read();
};

class program
{
  public:
    /* Starts pipe.exe; the arguments are one line, quoted where they must be. */
    explicit program(const std::wstring &arguments);
    /* The same with a standard output of the caller's, which can be inherited. */
    program(const std::wstring &arguments, HANDLE output);
    ~program();

    /* Its standard input. Without a close_input it stays open. */
    void type(const std::string &text);
    void close_input();

    /* Waits until it has said this on the standard output, or on the standard error. */
    bool says(const std::string &part, DWORD ms = patience) const;
    bool remarks(const std::string &part, DWORD ms = patience) const;

    /* Its exit code; WAIT_TIMEOUT: it has not ended. What it said is whole then. */
    DWORD wait(DWORD ms = patience);
    std::string out() const;
    std::string err() const;

  private:
    heard_text output, errors;
    HANDLE input = nullptr;
    HANDLE process = nullptr;

    void start(const std::wstring &arguments, HANDLE out);
};

/* One that runs to its end: with this standard input. */
struct ended_program
{
    DWORD code;
    std::string out, err;
};

ended_program run_pipe(const std::wstring &arguments, const std::string &input = "");

/* The name of a pipe that nobody else has, without the prefix; and the path of that name. */
std::wstring unique_pipe_name();
std::wstring path_of(const std::wstring &name);

#endif
