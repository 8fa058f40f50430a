#include "support/long/beats.h"

beats::beats()
    : thread(
          [this]
          {
              while (!over.wait(1000 / a_second))
                  count++;
          })
{
}

beats::~beats()
{
    over.set();
    thread.join();
}
