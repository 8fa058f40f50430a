# cmake -Dthere=FILE -Dwhy=FILE -Dcommand=PROGRAM;ARGUMENT... -Dexpected=CODE [-Dserver=PROGRAM;ARGUMENT...]
#     [-Doutput=FILE] -P run_if_there.cmake
# Runs a program that had to be fetched; where THERE is not there, or WHY says why it cannot run, says so and counts as
# skipped. With a server, an echo server beside it, which ends with 42 after its last client; or, where the program is a
# server, our client, which ends with 42 too. With an output file the program writes into that, and reads from an empty
# one: Node can do neither with a Unix pipe.

if(NOT EXISTS "${there}" OR EXISTS "${why}")
    set(reason "not run: ${there} is missing")
    if(EXISTS "${why}")
        file(READ "${why}" reason)
    endif()
    message("${reason}")
    return()
endif()

# For Wine: a garbage collection ends PowerShell's engine without the first,
# and Node asks for more than its Windows 7 without the other.
set(ENV{DOTNET_EnableWriteXorExecute} 0)
set(ENV{NODE_SKIP_PLATFORM_CHECK} 1)

if(server)
    # Its output goes nowhere (into the server's input); what it says goes to standard error.
    execute_process(
        COMMAND "${CMAKE_COMMAND}" "-Dthere=${there}" "-Dcommand=${command}" -Dexpected=${expected} "-Doutput=${output}"
            -P "${CMAKE_CURRENT_LIST_FILE}"
        COMMAND ${server}
        RESULTS_VARIABLE results OUTPUT_VARIABLE said TIMEOUT 220)
    message("${said}")
    # Under Wine some 3 in 100 processes with so many threads are killed while they end, or end with 1: their last words
    # count then. A crash ends with other codes, and fails.
    file(READ "${output}" words)
    string(APPEND words "${said}")
    if(results MATCHES "[Kk]illed|;137$|^${expected};1$" AND words MATCHES "The last client has left"
        AND words MATCHES "came back as sent")
        return()
    endif()
    if(NOT results STREQUAL "${expected};42")
        message(FATAL_ERROR "the client and the server ended with ${results}, should have with ${expected};42")
    endif()
    return()
endif()

if(output)
    file(WRITE "${output}.empty" "")
    execute_process(COMMAND ${command} RESULT_VARIABLE result INPUT_FILE "${output}.empty"
        OUTPUT_FILE "${output}" ERROR_FILE "${output}")
    file(READ "${output}" said)
    message("${said}")
else()
    execute_process(COMMAND ${command} RESULT_VARIABLE result)
endif()
if(NOT result EQUAL expected)
    message(FATAL_ERROR "it ended with ${result} instead of ${expected}")
endif()
