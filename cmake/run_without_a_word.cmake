# cmake -Dcommand=PROGRAM;ARGUMENT... -Doutputs=FILE... -P run_without_a_word.cmake
# Runs the program and fails when it says anything: widl ends with 0 after a warning. widl has written its files by
# then, so they are removed, or the next build would take them for good.

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0 OR NOT output STREQUAL "")
    file(REMOVE ${outputs})
    message(FATAL_ERROR "${output}(exit ${result})")
endif()
