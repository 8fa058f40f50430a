# What the tests with programs that nobody here wrote have in common. Those programs are fetched into build/foreign, which all builds share.

set(foreign_folder "${PROJECT_SOURCE_DIR}/build/foreign")
set(echo_server ${CMAKE_CROSSCOMPILING_EMULATOR} "$<TARGET_FILE:script_host>" -m "${build_folder}\\NamedPipeServer.manifest"
    "${checkout}\\tests\\tools\\echo_server.vbs")

# foreign_test(NAME FIXTURE THERE DEFINITION...): a test for run_if_there.cmake. THERE is what provides the program, see there.
function(foreign_test name fixture there)
    add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" ${${there}} ${ARGN} -P "${PROJECT_SOURCE_DIR}/tests/tools/run_if_there.cmake")
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${fixture} LABELS foreign TIMEOUT 120 SKIP_REGULAR_EXPRESSION "not run: ")
endfunction()

# foreign_client_test(NAME FIXTURE THERE MODE PROGRAM ARGUMENT...): the program and the name of a pipe behind its arguments, with an echo server on that
# pipe; MODE is empty, or free for a free-threaded run.
function(foreign_client_test name fixture there mode)
    set(pipe "${name}-${ARCHITECTURE}")
    foreign_test(${name} ${fixture} ${there} "-Dserver=${echo_server};${pipe};${mode}" "-Dcommand=${ARGN};${pipe}"
        "-Doutput=${CMAKE_CURRENT_BINARY_DIR}/${name}.txt")
endfunction()
