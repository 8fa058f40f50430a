/* apartments.h: threads in COM's apartments. */

#ifndef SUPPORT_COM_APARTMENTS_H
#define SUPPORT_COM_APARTMENTS_H

#include "support/deliver/ui_thread.h"

#include <functional>

/* COM on the calling thread, for a scope. */
class apartment
{
  public:
    explicit apartment(DWORD kind); /* COINIT_APARTMENTTHREADED or COINIT_MULTITHREADED */
    apartment(const apartment &) = delete;
    ~apartment();
};

/* A thread in an STA of its own, which pumps messages until it is destroyed. */
class sta_thread
{
  public:
    sta_thread();
    ~sta_thread();

    /* Runs it there and waits, without pumping. */
    void run(std::function<void()> what);

    DWORD id() const
    {
        return thread_id;
    }

  private:
    ui_thread thread;
    DWORD thread_id = 0;
};

/* An STA whose objects will be used in other apartments. Wine keeps two handles of each STA that has marshalled one;
 * this one has done so before its constructor returns, so that a leak_check behind it sees no more of them. */
class home_thread : public sta_thread
{
  public:
    home_thread();
};

/* Runs `what` on a new thread of the MTA, and waits without pumping. */
void run_in_mta(std::function<void()> what);

/* Runs `what` on a new thread that has called no CoInitialize, and waits without pumping. */
void run_without_apartment(std::function<void()> what);

#endif
