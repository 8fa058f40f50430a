# What node/fetch.cmake and dotnet/publish.cmake share. OUT.why says in a line why the tests with the program in OUT cannot run, and is there only then.

function(leave why)
    file(WRITE "${out}.why" "not run: ${what}: ${why}")
    message("not run: ${what}: ${why}")
endfunction()

# leave_if_it_cannot_start(CODE COMMAND...): starts the program with arguments that make it end with the code at once. Twice, before it is believed that
# it cannot start: otherwise each of its tests would wait for it. With files, since Node can neither write into a Unix pipe nor read from one.
function(leave_if_it_cannot_start code)
    file(WRITE "${out}.empty" "")
    foreach(trial RANGE 1)
        execute_process(COMMAND ${ARGN} RESULT_VARIABLE result TIMEOUT 60
            INPUT_FILE "${out}.empty" OUTPUT_FILE "${out}.said" ERROR_FILE "${out}.said")
        if(result STREQUAL code)
            return()
        endif()
    endforeach()
    leave("it does not start here: it ended with ${result} instead of ${code}")
endfunction()
