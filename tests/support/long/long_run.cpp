#include "support/long/long_run.h"

#include <cstdio>
#include <cstdlib>

bool runs_whole()
{
    const char *value = std::getenv("NPS_LONG");

    return value && std::string(value) == "whole";
}

int times(int in_the_test_command, int whole)
{
    return runs_whole() ? whole : in_the_test_command;
}

double seconds_of_traffic(double in_the_test_command)
{
    const char *minutes = std::getenv("NPS_MINUTES");

    if (minutes)
        return std::strtod(minutes, nullptr) * 60;
    return runs_whole() ? 60 : in_the_test_command;
}

stopwatch::stopwatch()
{
    QueryPerformanceCounter(&began);
}

double stopwatch::seconds() const
{
    LARGE_INTEGER now, frequency;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return static_cast<double>(now.QuadPart - began.QuadPart) / static_cast<double>(frequency.QuadPart);
}

std::string stopwatch::rate(long long count) const
{
    const double passed = seconds();
    char text[100];

    std::snprintf(text, sizeof(text), "%lld in %.1f s, %.0f a second", count, passed,
                  static_cast<double>(count) / passed);
    return text;
}

void tell_figure(const std::string &what, const std::string &figures)
{
    std::printf("long: %s, %s: %s\n", what.c_str(), sizeof(void *) == 8 ? "x64" : "x86", figures.c_str());
    std::fflush(stdout);
}
