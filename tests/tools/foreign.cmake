# What the tests with programs that nobody here wrote have in common.
# Those programs are fetched into build/foreign, which all builds share.

set(foreign_folder "${PROJECT_SOURCE_DIR}/build/foreign")
set(echo_server ${CMAKE_CROSSCOMPILING_EMULATOR} "$<TARGET_FILE:script_host>"
    -m "${build_folder}\\NamedPipeServer.X.manifest" "${checkout}\\tests\\tools\\echo_server.vbs")
set(our_client ${CMAKE_CROSSCOMPILING_EMULATOR} "$<TARGET_FILE:script_host>"
    -m "${build_folder}\\NamedPipeServer.X.manifest" "${checkout}\\tests\\dotnet\\client.vbs")

# foreign_test(NAME FIXTURE THERE EXPECTED code COMMAND program argument...): a program that must end with that code.
# THERE names the variable that says where it is, once its fixture has provided it.
function(foreign_test name fixture there)
    cmake_parse_arguments(PARSE_ARGV 3 foreign "" "EXPECTED;OUTPUT" "COMMAND;SERVER")
    add_test(NAME ${name}
        COMMAND "${CMAKE_COMMAND}" ${${there}} "-Dcommand=${foreign_COMMAND}" "-Dexpected=${foreign_EXPECTED}"
            "-Dserver=${foreign_SERVER}" "-Doutput=${foreign_OUTPUT}"
            -P "${PROJECT_SOURCE_DIR}/tests/tools/run_if_there.cmake")
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${fixture} LABELS foreign TIMEOUT 240
        SKIP_REGULAR_EXPRESSION "not run: ")
endfunction()

# foreign_client_tests(NAME FIXTURE THERE PROGRAM ARGUMENT...): the program, with the name of a pipe behind its
# arguments, or where PIPE stands among them, against an echo server, in the default mode and in a free-threaded run.
# FRAMING=N in front of PROGRAM: the server has that NamedPipeFraming.
function(foreign_client_tests name fixture there)
    set(given ${ARGN})
    set(framing "")
    if(ARGV3 MATCHES "^FRAMING=")
        string(TOLOWER "${ARGV3}" framing)
        list(POP_FRONT given)
    endif()
    if(NOT "PIPE" IN_LIST given)
        list(APPEND given PIPE)
    endif()
    foreach(mode "" FreeThreaded)
        set(pipe "${name}${mode}-${ARCHITECTURE}")
        list(TRANSFORM given REPLACE "^PIPE$" "${pipe}" OUTPUT_VARIABLE program)
        foreign_test(${name}${mode} ${fixture} ${there} EXPECTED 0
            OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}${mode}.txt"
            COMMAND ${program} SERVER ${echo_server} ${pipe} ${mode} ${framing})
    endforeach()
endfunction()

# foreign_server_tests(NAME FIXTURE THERE MODE PROGRAM ARGUMENT...): our client in one of its modes against the program,
# which is a server and ends with 0 when its clients have left.
# PIPE among its arguments stands for the name of the pipe.
function(foreign_server_tests name fixture there mode)
    foreach(free "" FreeThreaded)
        set(pipe "${name}${free}-${ARCHITECTURE}")
        list(TRANSFORM ARGN REPLACE "^PIPE$" "${pipe}" OUTPUT_VARIABLE program)
        foreign_test(${name}${free} ${fixture} ${there} EXPECTED 0
            OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}${free}.txt"
            COMMAND ${program} SERVER ${our_client} ${pipe} ${mode} ${free})
    endforeach()
endfunction()
