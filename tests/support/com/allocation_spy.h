/* allocation_spy.h: how much of COM's own memory is in use: BSTRs, SAFEARRAYs, task memory; to the block. */

#ifndef SUPPORT_COM_ALLOCATION_SPY_H
#define SUPPORT_COM_ALLOCATION_SPY_H

#include "support/leaks.h"

/* Blocks allocated since the first call that are still in use. The first call begins to count, and turns oleaut32's
 * cache off. */
long long count_com_blocks();

/* A leak_check that looks at these too. Any apartment, or none. */
class com_leak_check : public leak_check
{
  public:
    com_leak_check();
};

#endif
