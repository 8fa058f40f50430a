#include "json/names.h"

static int compare_texts(const member_name *a, const member_name *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;

    for (size_t i = 0; i < shorter; i++)
        if (a->text[i] != b->text[i])
            return a->text[i] < b->text[i] ? -1 : 1;
    return a->length == b->length ? 0 : a->length < b->length ? -1 : 1;
}

/* Merges two sorted halves; of equal names the first stays the first. */
static void merge(const member_name *from, unsigned middle, unsigned count, member_name *to)
{
    unsigned left = 0, right = middle;

    for (unsigned i = 0; i < count; i++)
    {
        bool takes_left = left < middle && (right == count || compare_texts(&from[left], &from[right]) <= 0);

        to[i] = takes_left ? from[left++] : from[right++];
    }
}

/* Sorts by text. Returns which of the two arrays has the result. */
static member_name *sort(member_name *names, member_name *scratch, unsigned count)
{
    for (unsigned width = 1; width < count; width *= 2)
    {
        member_name *other = scratch;

        for (unsigned i = 0; i < count; i += 2 * width)
        {
            unsigned left = count - i < width ? count - i : width;
            unsigned both = count - i < 2 * width ? count - i : 2 * width;

            merge(names + i, left, both, scratch + i);
        }
        scratch = names;
        names = other;
    }
    return names;
}

void member_names_judge(member_name *names, member_name *scratch, unsigned count)
{
    member_name *sorted = sort(names, scratch, count), *other = sorted == names ? scratch : names;

    for (unsigned i = 0; i < count; i++)
        sorted[i].is_overruled = i + 1 < count && !compare_texts(&sorted[i], &sorted[i + 1]);
    for (unsigned i = 0; i < count; i++)
        other[sorted[i].place] = sorted[i];
    if (other != names)
        memcpy(names, other, count * sizeof(*names));
}
