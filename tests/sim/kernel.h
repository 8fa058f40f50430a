/* kernel.h: the beginning and the end of the stand-in kernel, for one run. */

#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

/* Makes the kernel as it is before the first call. The seed, the ways and the faults of the run are drawn before. */
void kernel_begin(void);
/* Ends a run; what is left of it is a violation. */
void kernel_end(void);

#endif
