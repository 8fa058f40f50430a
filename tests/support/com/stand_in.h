/* stand_in.h: a DLL of ours under the name of somebody else's runtime, as events must treat it. */

#ifndef SUPPORT_COM_STAND_IN_H
#define SUPPORT_COM_STAND_IN_H

#include "support/com/com_values.h"

#include <string>

/* A new empty folder of its own, removed at the end with the files in it. */
class temporary_folder
{
  public:
    temporary_folder();
    temporary_folder(const temporary_folder &) = delete;
    ~temporary_folder();

    /* A copy of `file` in it; its path. */
    std::wstring copy(const std::wstring &file, const std::wstring &name);

  private:
    std::wstring path;
    std::vector<std::wstring> copies;
};

/* The DLL, loaded under this name until it goes. */
class stand_in
{
  public:
    explicit stand_in(const std::wstring &file_name);
    stand_in(const stand_in &) = delete;
    ~stand_in();

    /* `object`, but that its code lies in the DLL. Released before the DLL goes. */
    com_ptr<IDispatch> code_for(IDispatch *object) const;

  private:
    temporary_folder folder;
    HMODULE module;
};

/* Runs this program under another name with the disabled tests of this filter; its exit code. */
DWORD run_as(const wchar_t *name, const wchar_t *filter);

/* One whose presence alone makes every object of an STA bound to it: VBA's. */
class hosted_runtime : public stand_in
{
  public:
    hosted_runtime() : stand_in(L"vbe7.dll")
    {
    }
};

#endif
