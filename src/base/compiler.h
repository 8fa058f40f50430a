/* compiler.h: the only header that tells compilers apart.
 *
 * The macros for Clang's -Wthread-safety expand to nothing with other compilers. On a function or a field they say
 * which lock must be held, is taken or is released. */

#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#if defined(__clang__) && !defined(_MSC_VER)
#define THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(name) THREAD_ATTRIBUTE(capability(name))
/* GUARDED_BY documents a field: Clang cannot refer to a sibling field in C, and checks functions (REQUIRES_LOCK).
 * STATIC_GUARDED_BY is for a static variable, each use of which Clang checks. */
#define GUARDED_BY(l)
#define STATIC_GUARDED_BY(l) THREAD_ATTRIBUTE(guarded_by(l))
#define ACQUIRES(...) THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASES(...) THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define REQUIRES_LOCK(...) THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS THREAD_ATTRIBUTE(no_thread_safety_analysis)

/* These macros are for a volatile LONG or a volatile pointer that threads share without a lock. A thread that reads the
 * stored value also sees everything that the storing thread did before. On x86 and x64 each macro is a plain move. The
 * comment of a field says `acquire, release` if the field is written with these macros, and `Interlocked` if
 * Interlocked functions write it; a thread that only reads such a field also uses LOAD_ACQUIRE. Until other threads
 * know its structure, the field needs neither. */
#ifdef _MSC_VER
#define LOAD_ACQUIRE(from) ReadAcquire(from)
#define STORE_RELEASE(to, value) WriteRelease(to, value)
#define LOAD_POINTER_ACQUIRE(from) ReadPointerAcquire((void *const volatile *)(from))
#define STORE_POINTER_RELEASE(to, value) WritePointerRelease((void *volatile *)(to), value)
#else
#define LOAD_ACQUIRE(from) __atomic_load_n(from, __ATOMIC_ACQUIRE)
#define STORE_RELEASE(to, value) __atomic_store_n(to, value, __ATOMIC_RELEASE)
#define LOAD_POINTER_ACQUIRE(from) LOAD_ACQUIRE(from)
#define STORE_POINTER_RELEASE(to, value) STORE_RELEASE(to, value)
#endif

/* FAIL_FAST ends the process at once. __fastfail is the same instruction, with FAST_FAIL_FATAL_APP_EXIT in the
 * register. From Windows 8 on no exception handler is asked. */
#ifdef _MSC_VER
#define NO_RETURN __declspec(noreturn)
#define FAIL_FAST() __fastfail(7)
#else
#define NO_RETURN __attribute__((noreturn))
#define FAIL_FAST()                               \
    do                                            \
    {                                             \
        __asm__ volatile("int $0x29" : : "c"(7)); \
        __builtin_unreachable();                  \
    } while (0)
#endif

/* Returns the structure of type `type` whose field `field` is at `pointer`. */
#define CONTAINER_OF(pointer, type, field) ((type *)((char *)(pointer)-offsetof(type, field)))

#endif
