/* regsvr32.h: the system's own programs, of either bitness, run as a user runs them. */

#ifndef SUPPORT_DLL_REGSVR32_H
#define SUPPORT_DLL_REGSVR32_H

#include <string>

enum class bitness
{
    own,  /* of this process */
    other /* the other one */
};

/* The DLL that was built for the other bitness; empty where it was not. */
std::wstring other_dll();

/* Runs a program of the system's folder; its exit code, -1 where it does not start or end. */
int run_system_program(bitness b, const std::wstring &program, const std::wstring &arguments);

/* regsvr32 /s with the options, such as L"/u". */
int regsvr32(bitness b, const std::wstring &dll, const std::wstring &options = L"");

#endif
