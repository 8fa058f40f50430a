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
#define NO_THREAD_SAFETY_ANALYSIS THREAD_ATTRIBUTE(no_thread_safety_analysis)

/* Of a volatile LONG, or a volatile pointer, that threads share without a lock: who reads what was written sees all
 * that was done before the writing. On x86 and x64 each is a plain move. A field's comment says `acquire, release` if
 * it is written so, `Interlocked` if Interlocked functions write it; a mere look is LOAD_ACQUIRE there too. Before
 * other threads know its structure it is a field like any other. */
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

/* Ends the process at once. __fastfail is that instruction, with FAST_FAIL_FATAL_APP_EXIT in the register; no handler
 * of exceptions is asked from Windows 8 on. */
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

/* The structure that `field` of type `type` at `pointer` lies in. */
#define CONTAINER_OF(pointer, type, field) ((type *)((char *)(pointer)-offsetof(type, field)))

#endif
