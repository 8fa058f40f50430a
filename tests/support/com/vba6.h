/* vba6.h: the vba6.dll of tests/vb6, loaded for a scope: this process hosts a Basic then. */

#ifndef SUPPORT_COM_VBA6_H
#define SUPPORT_COM_VBA6_H

#include <windows.h>

class hosted_vba6
{
  public:
    hosted_vba6();
    hosted_vba6(const hosted_vba6 &) = delete;
    ~hosted_vba6();

    void set_mode(int mode); /* what EbMode says: 1 runs, 2 is stopped */
    LONG times_asked() const;
    DWORD asked_on() const; /* the last thread that did */

  private:
    HMODULE dll;
};

#endif
