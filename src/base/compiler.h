/* compiler.h: the only header that knows one compiler from another.
 *
 * The words of Clang's -Wthread-safety, nothing elsewhere. They stand on functions and fields: who holds which lock. */

#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#if defined(__clang__) && !defined(_MSC_VER)
#define THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(name) THREAD_ATTRIBUTE(capability(name))
/* On a field: documentation. Clang cannot refer to a sibling field in C, so what it checks are functions. */
#define GUARDED_BY(l)
#define ACQUIRES(...) THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASES(...) THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define REQUIRES_LOCK(...) THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES_LOCK(...) THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS THREAD_ATTRIBUTE(no_thread_safety_analysis)

/* The structure that `field` of type `type` at `pointer` lies in. */
#define CONTAINER_OF(pointer, type, field) ((type *)((char *)(pointer)-offsetof(type, field)))

#endif
