# cmake -Dserver=PROGRAM;ARGUMENT... -Dclient=PROGRAM;ARGUMENT... -P run_sample.cmake
# Runs a sample and, at the same time, a client that wants two messages back and then ends it; looks at what both said.

# The client's output goes nowhere (into the server's input): what came back it checks itself.
# The server's is looked at.
execute_process(
    COMMAND ${client} echo 2 send quit receive drain
    COMMAND ${server}
    RESULTS_VARIABLE results OUTPUT_VARIABLE said TIMEOUT 60)
message("${said}")
if(NOT results STREQUAL "0;0")
    message(FATAL_ERROR "the client and the server ended with ${results}")
endif()
foreach(line "Ready: " "Client 1 has come" "Client 1 says: message 2" "Client 1 says: quit" "Stopped")
    string(FIND "${said}" "${line}" place)
    if(place EQUAL -1)
        message(FATAL_ERROR "the server should have said: ${line}")
    endif()
endforeach()
string(FIND "${said}" "failed" place)
if(NOT place EQUAL -1)
    message(FATAL_ERROR "a handler failed")
endif()
