# How our own C and C++ are compiled. Warnings are errors; the C is C11 without extensions, which MSVC takes too.

option(SANITIZE "Undefined behaviour ends the program (mingw-w64 has no sanitizer runtime to report it)" OFF)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)

if(CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(ARCHITECTURE x64)
else()
    set(ARCHITECTURE x86)
endif()

# SLOPPINESS: without it ccache takes no file that uses a precompiled header. DEPEND: it goes by the list of headers
# that the compiler writes, and does not run the preprocessor first.
find_program(CCACHE ccache)
if(CCACHE AND NOT MSVC)
    set(launcher env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 "${CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(options INTERFACE)
target_compile_definitions(options INTERFACE UNICODE _UNICODE WINVER=0x0601 _WIN32_WINNT=0x0601)

if(MSVC)
    # C99's, which /W4 takes for extensions of Microsoft's: C4200, a flexible array member; C4204 and C4221, an
    # aggregate whose members are initialised with what is known at run time, or with addresses of locals; C4232, a
    # static table that holds the address of a function of another DLL. The runtime is linked statically: a user copies
    # one file.
    set(CMAKE_MSVC_RUNTIME_LIBRARY MultiThreaded)
    target_compile_options(options INTERFACE /W4 /WX /wd4200 /wd4204 /wd4221 /wd4232 /utf-8)
else()
    # Assertions stay: what is tested is what is shipped.
    # C++ is tests alone, so what counts there is how fast it builds.
    set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
    set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O0 -g1")

    # Each target names what it links; CMake's own list would hide that one is missing.
    set(CMAKE_C_STANDARD_LIBRARIES "")
    set(CMAKE_CXX_STANDARD_LIBRARIES "")

    target_compile_options(options INTERFACE
        -Wall -Wextra -Werror
        $<$<COMPILE_LANGUAGE:C>:-Wpedantic -Wvla -Wshadow=local -Wwrite-strings -Wpointer-arith -Wundef>
        $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition>
        $<$<COMPILE_LANGUAGE:C>:-Werror=incompatible-pointer-types>)

    # A user copies one file: no runtime DLL beside it.
    add_link_options(-static -static-libgcc)
    if(ARCHITECTURE STREQUAL x86)
        add_link_options(-Wl,--enable-stdcall-fixup)    # the .def names DllGetClassObject, not DllGetClassObject@12
    endif()

    if(SANITIZE)
        add_compile_options(-fsanitize=undefined -fsanitize-undefined-trap-on-error -fno-sanitize=alignment)
    endif()
endif()
