/* long_run.h: how long a program of tests/long runs, and the line in which it says what it saw.
 *
 * The test command runs each for some seconds; scripts/long runs them whole, by the environment: NPS_LONG=whole, and
 * NPS_MINUTES=N for traffic that goes on for N minutes. Any thread. */

#ifndef SUPPORT_LONG_LONG_RUN_H
#define SUPPORT_LONG_LONG_RUN_H

#include <windows.h>

#include <string>

bool runs_whole();

/* The one or the other. */
int times(int in_the_test_command, int whole);

/* How long traffic goes on: NPS_MINUTES, or so many seconds, or a minute in a whole run. */
double seconds_of_traffic(double in_the_test_command);

class stopwatch
{
  public:
    stopwatch();

    double seconds() const;
    /* "10000 in 41.0 s, 244 a second" */
    std::string rate(long long count) const;

  private:
    LARGE_INTEGER began;
};

/* Prints "long: cycles, window, x64: ..." */
void tell_figure(const std::string &what, const std::string &figures);

#endif
