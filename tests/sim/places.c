#include "places.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char PLACE_KIND[] = "at";

extern const char __executable_start[]; /* of the linker */

int place_of(const void *behind_call)
{
    return (int)((const char *)behind_call - __executable_start) - 1;
}

static FILE *questions, *answers;

static void start(void)
{
    int to[2], from[2];
    char program[512];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

    if (length < 0 || pipe(to) || pipe(from))
        return;
    program[length] = '\0';
    if (fork() == 0)
    {
        dup2(to[0], 0);
        dup2(from[1], 1);
        close(to[1]);
        close(from[0]);
        execlp("addr2line", "addr2line", "-e", program, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    questions = fdopen(to[1], "w");
    answers = fdopen(from[0], "r");
}

void place_words(int place, char *to, size_t size)
{
    char line[512], *name;

    snprintf(to, size, "%#x", (unsigned)place);
    if (!questions)
        start();
    if (!questions || fprintf(questions, "%#x\n", (unsigned)place) < 0 || fflush(questions) ||
        !fgets(line, sizeof(line), answers))
        return;
    line[strcspn(line, " \n")] = '\0'; /* without a discriminator */
    name = strrchr(line, '/');
    snprintf(to, size, "%s", name ? name + 1 : line);
}
