/* The program for Windows and Wine: all stories, one after the other. Its output is what NAME.columns has in a column.
 *
 *   conform              all stories
 *   conform NAME...      these */

#include "conform.h"

#include <stdio.h>

static bool is_wanted(const char *name, int count, char **words)
{
    for (int i = 1; i < count; i++)
        if (!strcmp(words[i], name))
            return true;
    return count < 2;
}

int main(int count, char **words)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    for (const scenario *s = stories; s->name; s++)
        if (is_wanted(s->name, count, words))
        {
            printf("[%s]\n", s->name);
            s->run();
        }
    return 0;
}
