# cmake -Dobjdump=PROGRAM -Ddll=FILE -P check_imports.cmake: fails when the DLL imports anything but Windows' own.

execute_process(COMMAND "${objdump}" -p "${dll}" OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "DLL Name: [^\r\n]+" imports "${headers}")
if(NOT imports)
    message(FATAL_ERROR "${dll}: no imports found")
endif()
foreach(import ${imports})
    string(REPLACE "DLL Name: " "" import "${import}")
    string(TOLOWER "${import}" import)
    if(NOT import MATCHES "^(kernel32|user32|advapi32|ole32|oleaut32|msvcrt)\\.dll$")
        message(FATAL_ERROR "${dll} imports ${import}, which a user would have to copy with it")
    endif()
endforeach()
