# idl/NamedPipeServer.idl becomes, in the build folder, NamedPipeServer.h, NamedPipeServer_i.c and NamedPipeServer.tlb.
# The library `contract` holds the GUIDs and brings the header's folder along.

set(contract_idl "${PROJECT_SOURCE_DIR}/idl/NamedPipeServer.idl")
set(contract_header "${PROJECT_BINARY_DIR}/NamedPipeServer.h")
set(contract_guids "${PROJECT_BINARY_DIR}/NamedPipeServer_i.c")
set(contract_typelib "${PROJECT_BINARY_DIR}/NamedPipeServer.tlb")

set(contract_outputs "${contract_header}" "${contract_guids}" "${contract_typelib}")

if(MSVC)
    # MIDL calls the C compiler for its preprocessor and has the base IDLs and stdole2.tlb of the SDK and of Windows.
    if(ARCHITECTURE STREQUAL x64)
        set(midl_environment x64)
    else()
        set(midl_environment win32)
    endif()
    set(contract_command midl /nologo /WX /env ${midl_environment} /h "${contract_header}" /iid "${contract_guids}"
        /tlb "${contract_typelib}" /proxy nul /dlldata nul "${contract_idl}")
else()
    # stdole2.tlb and the base IDLs are Wine's (packages libwine and libwine-dev).
    find_path(WINE_TYPELIB_DIR stdole2.tlb
        PATHS /usr/lib/x86_64-linux-gnu/wine/x86_64-windows /usr/lib/i386-linux-gnu/wine/i386-windows
        NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
    find_path(WINE_IDL_DIR oaidl.idl
        PATHS /usr/include/wine/wine/windows /usr/include/wine/windows
        NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)

    if(ARCHITECTURE STREQUAL x64)
        set(widl_bitness -m64)
    else()
        set(widl_bitness -m32)
    endif()
    set(widl_command "${WIDL}" ${widl_bitness} -h -u -t -I "${WINE_IDL_DIR}" -L "${WINE_TYPELIB_DIR}" "${contract_idl}")
    # Lists within a list: their semicolons are put back where the command is written.
    string(REPLACE ";" "$<SEMICOLON>" widl_command "${widl_command}")
    string(REPLACE ";" "$<SEMICOLON>" widl_outputs "${contract_outputs}")
    set(contract_command "${CMAKE_COMMAND}" "-Dcommand=${widl_command}" "-Doutputs=${widl_outputs}"
        -P "${PROJECT_SOURCE_DIR}/cmake/run_without_a_word.cmake")
endif()

add_custom_command(
    OUTPUT ${contract_outputs}
    COMMAND ${contract_command}
    DEPENDS "${contract_idl}" "${PROJECT_SOURCE_DIR}/cmake/run_without_a_word.cmake"
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}"
    COMMENT "Compiling the contract, NamedPipeServer.idl"
    VERBATIM)

add_library(contract STATIC ${contract_outputs})
target_include_directories(contract SYSTEM PUBLIC "${PROJECT_BINARY_DIR}")
