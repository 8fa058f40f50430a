# cmake -Dwhat=TEXT -Dpackage=NAME@VERSION -Dout=FOLDER -Dcommand=PROGRAM;ARGUMENT... -P fetch.cmake
# Fetches and unpacks a package of npm's, once, and sees that the program in it starts.
# Where that cannot be, OUT.why says so in a line.

include("${CMAKE_CURRENT_LIST_DIR}/../tools/fetched.cmake")
file(LOCK "${out}.lock")
file(REMOVE "${out}.why")
set(ENV{NODE_SKIP_PLATFORM_CHECK} 1)    # it asks for more than Wine's Windows 7
if(EXISTS "${out}/package")
    leave_if_it_cannot_start(0 ${command})
    return()
endif()

find_program(npm NAMES npm.cmd npm PATHS ENV PATH NO_DEFAULT_PATH)
if(NOT npm)
    leave("npm is not on PATH")
    return()
endif()

file(MAKE_DIRECTORY "${out}")
execute_process(COMMAND "${npm}" pack --silent --fetch-retries=1 ${package} WORKING_DIRECTORY "${out}"
    RESULT_VARIABLE result OUTPUT_VARIABLE file ERROR_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE TIMEOUT 150)
if(NOT result EQUAL 0)
    message("${said}")
    leave("npm cannot fetch ${package}")
    return()
endif()
file(ARCHIVE_EXTRACT INPUT "${out}/${file}" DESTINATION "${out}/unpacked")
file(REMOVE "${out}/${file}")
file(RENAME "${out}/unpacked/package" "${out}/package")
leave_if_it_cannot_start(0 ${command})
