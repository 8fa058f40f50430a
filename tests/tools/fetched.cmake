# What node/fetch.cmake and dotnet/publish.cmake share. OUT.why says in a line why the tests with the program in OUT
# cannot run, and is there only then.

function(leave why)
    file(WRITE "${out}.why" "not run: ${what}: ${why}")
    message("not run: ${what}: ${why}")
endfunction()

# refusal_to_start(RESULT VARIABLE): what a result of execute_process says of a program in which nothing has run yet, or
# nothing. Those are the loader's own codes; Windows' CMake gives the whole one, Wine its last eight bits.
function(refusal_to_start result variable)
    string(TOLOWER "${result}" result)
    set(found "")
    foreach(refusal IN ITEMS "53:c0000135:a DLL that it needs is missing"
            "57:c0000139:a function that it needs is missing in a DLL"
            "29:c000001d:it has instructions that are not known here (QEMU's processor lacks some)"
            "66:c0000142:a DLL that it needs does not start" "123:c000007b:it is no program for this system"
            "126:126:it cannot be run" "127:127:it is not found")
        string(REPLACE ":" ";" refusal "${refusal}")
        list(GET refusal 0 short)
        list(GET refusal 1 whole)
        list(GET refusal 2 meaning)
        if(result STREQUAL short OR result MATCHES "^exit code 0x${whole}")
            set(found "${meaning} (${whole})")
        endif()
    endforeach()
    set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# leave_if_it_cannot_start(CODE COMMAND...): starts the program with arguments that make it end with the code at once.
# Twice, before it is believed that it cannot start: otherwise each of its tests would wait for it. One that starts and
# then ends otherwise is a failure, since its tests would be missed. With files, since Node can neither write into a
# Unix pipe nor read from one.
function(leave_if_it_cannot_start code)
    file(WRITE "${out}.empty" "")
    foreach(trial RANGE 1)
        execute_process(COMMAND ${ARGN} RESULT_VARIABLE result TIMEOUT 60
            INPUT_FILE "${out}.empty" OUTPUT_FILE "${out}.said" ERROR_FILE "${out}.said")
        if(result STREQUAL code)
            return()
        endif()
    endforeach()
    refusal_to_start("${result}" refusal)
    if(NOT refusal)
        file(READ "${out}.said" said)
        message(FATAL_ERROR "${said}\nit starts here, and ended with ${result} instead of ${code}")
    endif()
    leave("it does not start here: ${refusal}")
endfunction()
