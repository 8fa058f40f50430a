# cmake -Dcommand=ENDS_WITH.EXE... -Dmade=FOLDER -P fetched_test.cmake
# What fetched.cmake makes of a program that cannot start, and of one that starts and fails. Runs itself for each, with
# -Dcode=CODE.

if(DEFINED code)
    set(what "the tests with it")
    set(out "${made}/fetched")
    include("${CMAKE_CURRENT_LIST_DIR}/fetched.cmake")
    leave_if_it_cannot_start(2 ${command} ${code})
    return()
endif()

# ends_so(CODE FAILED WHY SAID): a program with that code makes fetched.cmake fail or not, with that line in OUT.why or
# without one, and say that.
function(ends_so code failed why said)
    file(REMOVE "${made}/fetched.why")
    execute_process(
        COMMAND "${CMAKE_COMMAND}" "-Dcommand=${command}" "-Dmade=${made}" -Dcode=${code}
            -P "${CMAKE_CURRENT_LIST_FILE}"
        RESULT_VARIABLE result OUTPUT_VARIABLE words ERROR_VARIABLE words)
    set(line "")
    if(EXISTS "${made}/fetched.why")
        file(READ "${made}/fetched.why" line)
    endif()
    string(REGEX REPLACE "[ \n]+" " " words "${words}")
    string(FIND "${words}" "${said}" place)
    if((failed AND result EQUAL 0) OR (NOT failed AND NOT result EQUAL 0) OR NOT line STREQUAL why OR place EQUAL -1)
        message(SEND_ERROR "${code}: result ${result}, why \"${line}\", said \"${words}\"")
    endif()
endfunction()

file(MAKE_DIRECTORY "${made}")
ends_so(2 FALSE "" "")
foreach(refusal "0xC0000142:a DLL that it needs does not start (c0000142)"
        "0xC0000135:a DLL that it needs is missing (c0000135)"
        "0xC0000139:a function that it needs is missing in a DLL (c0000139)"
        "0xC000007B:it is no program for this system (c000007b)")
    string(REPLACE ":" ";" refusal "${refusal}")
    list(GET refusal 0 code)
    list(GET refusal 1 meaning)
    set(reason "not run: the tests with it: it does not start here: ${meaning}")
    ends_so(${code} FALSE "${reason}" "${reason}")
endforeach()
foreach(code 0 1 3 42)
    ends_so(${code} TRUE "" "it starts here, and ended with ${code} instead of 2")
endforeach()
