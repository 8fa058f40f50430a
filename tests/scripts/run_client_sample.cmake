# cmake -Dserver=PROGRAM;ARGUMENT... -Dclient=PROGRAM;ARGUMENT... -Dsays=LINE;LINE... -Dexpected=RESULTS
#     -P run_client_sample.cmake
# Runs a sample that is a client and, at the same time, an echo server; looks at what the client said. Without a server:
# at the client alone.

if(server)
    # The server's output goes nowhere (into the client's input).
    execute_process(COMMAND ${server} COMMAND ${client} RESULTS_VARIABLE results OUTPUT_VARIABLE said TIMEOUT 60)
else()
    execute_process(COMMAND ${client} RESULTS_VARIABLE results OUTPUT_VARIABLE said TIMEOUT 60)
endif()
message("${said}")
if(NOT results STREQUAL expected)
    message(FATAL_ERROR "they ended with ${results} instead of ${expected}")
endif()
foreach(line ${says})
    string(FIND "${said}" "${line}" place)
    if(place EQUAL -1)
        message(FATAL_ERROR "the client should have said: ${line}")
    endif()
endforeach()
