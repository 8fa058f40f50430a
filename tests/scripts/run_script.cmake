# cmake -Dcommand=PROGRAM;ARGUMENT... -Dscript=FILE -Dmade=FOLDER -Darguments=... -P run_script.cmake
# Runs the script with check.vbs or check.js behind it; fails unless it ends with 42.

cmake_path(GET script FILENAME name)
cmake_path(GET script EXTENSION extension)
file(READ "${script}" text)
file(READ "${CMAKE_CURRENT_LIST_DIR}/check${extension}" shared)
file(WRITE "${made}/${name}" "${text}${shared}")

# Its own standard error goes the way of its output: clients that it started may hold it open a little longer.
execute_process(COMMAND ${command} ${name} ${arguments} WORKING_DIRECTORY "${made}" RESULT_VARIABLE result)
if(NOT result EQUAL 42)
    message(FATAL_ERROR "${name} ended with ${result} instead of 42")
endif()
