/* Functions of libc that ThreadSanitizer would look into, for the simulation's own objects: scripts/sim renames their
 * calls. What the simulation copies is no race of the product's. */

#include <stddef.h>

void *plain_memcpy(void *to, const void *from, size_t size);
void *plain_memmove(void *to, const void *from, size_t size);
void *plain_memset(void *to, int value, size_t size);
int plain_memcmp(const void *a, const void *b, size_t size);
size_t plain_strlen(const char *text);
int plain_strcmp(const char *a, const char *b);

void *plain_memcpy(void *to, const void *from, size_t size)
{
    void *start = to;

    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return start;
}

void *plain_memmove(void *to, const void *from, size_t size)
{
    volatile char *t = to;
    const char *f = from;

    if (t <= f || t >= f + size)
        return plain_memcpy(to, from, size);
    while (size--)
        t[size] = f[size];
    return to;
}

void *plain_memset(void *to, int value, size_t size)
{
    void *start = to;

    __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
    return start;
}

int plain_memcmp(const void *of_a, const void *of_b, size_t size)
{
    const unsigned char *a = of_a, *b = of_b;

    for (; size && *a == *b; size--)
        a++, b++;
    return size ? *a - *b : 0;
}

size_t plain_strlen(const char *text)
{
    const volatile char *end = text;

    while (*end)
        end++;
    return (size_t)(end - text);
}

int plain_strcmp(const char *a, const char *b)
{
    for (; *a && *a == *b; a++)
        b++;
    return (unsigned char)*a - (unsigned char)*b;
}
