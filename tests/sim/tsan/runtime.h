/* runtime.h: what the simulation needs of ThreadSanitizer's runtime, as gcc's library has it. */

#ifndef SIM_TSAN_RUNTIME_H
#define SIM_TSAN_RUNTIME_H

#include <stdint.h>

#define TSAN_SEQ_CST 5
#define TSAN_NO_ORDER 1 /* of a switch: what ran before is not ordered before what runs then */

void __tsan_acquire(void *what);
void __tsan_release(void *what);
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_set_fiber_name(void *fiber, const char *name);
int32_t __tsan_atomic32_fetch_add(volatile int32_t *value, int32_t n, int order);
int32_t __tsan_atomic32_exchange(volatile int32_t *value, int32_t to, int order);
int32_t __tsan_atomic32_compare_exchange_val(volatile int32_t *value, int32_t from, int32_t to, int order,
                                             int failure_order);
int64_t __tsan_atomic64_exchange(volatile int64_t *value, int64_t to, int order);

/* The report that is about to be written. */
int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count, int *mop_count,
                           int *loc_count, int *mutex_count, int *thread_count, int *unique_tid_count,
                           void **sleep_trace, unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size, int *write,
                          int *atomic, void **trace, unsigned long trace_size);
void __tsan_on_report(void *report);
void __sanitizer_symbolize_pc(void *pc, const char *format, char *to, unsigned long size);
void __sanitizer_set_death_callback(void (*callback)(void));

#endif
