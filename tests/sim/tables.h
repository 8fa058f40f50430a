/* tables.h: what the runs of this process have covered: which connection states met what, and which calls failed on
 * purpose with which code, in how many scenarios. */

#ifndef SIM_TABLES_H
#define SIM_TABLES_H

#include "faults.h"

struct connection;

/* The runs from now on are of the scenario with this number. */
void tables_scenario(int number);

/* A call fails on purpose, with the `code`th of its codes. */
void table_fault(fault_place place, int code);

/* A request of a connection has ended: the product gets its result. `function` is a constant of requests.h. */
void table_result(const char *function, const OVERLAPPED *overlapped, DWORD error, DWORD bytes);

/* Something else comes to a connection; `what` is a constant. */
void table_event(const struct connection *c, const char *what);

void tables_tell_states(void);
void tables_tell_faults(void);

#endif
