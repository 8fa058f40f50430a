# cmake -Dwine=PROGRAM -Ddump=PROGRAM -Dmade=FILE -Dkept=FILE -P compare_typelibs.cmake: fails when the type libraries
# differ in a member.

foreach(which made kept)
    if(NOT EXISTS "${${which}}")
        message(FATAL_ERROR "${${which}} is missing; scripts/typelib makes it.")
    endif()
    execute_process(COMMAND ${wine} "${dump}" "${${which}}"
        OUTPUT_VARIABLE ${which}_members RESULT_VARIABLE result)
    if(NOT result EQUAL 0 OR NOT ${which}_members MATCHES "library ")
        message(FATAL_ERROR "${${which}} cannot be read (${result})")
    endif()
endforeach()

if(NOT made_members STREQUAL kept_members)
    file(WRITE made_members.txt "${made_members}")
    file(WRITE kept_members.txt "${kept_members}")
    execute_process(COMMAND diff -u kept_members.txt made_members.txt)
    message(FATAL_ERROR "${kept} is not what the IDL says now; scripts/typelib makes it again.")
endif()
