/* message_filter.h: an STA that is too busy to be called, as Excel is while a cell is edited. */

#ifndef SUPPORT_COM_MESSAGE_FILTER_H
#define SUPPORT_COM_MESSAGE_FILTER_H

#include "support/com/uncounted.h"

#include <atomic>

/* Rejects the first `times` calls that come into the calling thread's STA, with SERVERCALL_RETRYLATER or
 * SERVERCALL_REJECTED. On that thread from beginning to end. */
class busy_for final : public uncounted<IMessageFilter, IID_IMessageFilter>
{
  public:
    busy_for(LONG times, DWORD how) : left(times), how(how)
    {
        CoRegisterMessageFilter(this, nullptr);
    }
    ~busy_for()
    {
        CoRegisterMessageFilter(nullptr, nullptr);
    }

    std::atomic<LONG> seen{0}, rejected{0};

    DWORD STDMETHODCALLTYPE HandleInComingCall(DWORD, HTASK, DWORD, LPINTERFACEINFO) override
    {
        seen++;
        if (left == 0)
            return SERVERCALL_ISHANDLED;
        left--;
        rejected++;
        return how;
    }
    DWORD STDMETHODCALLTYPE RetryRejectedCall(HTASK, DWORD, DWORD) override
    {
        return static_cast<DWORD>(-1);
    }
    DWORD STDMETHODCALLTYPE MessagePending(HTASK, DWORD, DWORD) override
    {
        return PENDINGMSG_WAITDEFPROCESS;
    }

  private:
    std::atomic<LONG> left;
    DWORD how;
};

#endif
