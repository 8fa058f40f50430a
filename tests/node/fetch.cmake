# cmake -Dwhat=TEXT -Dpackage=NAME@VERSION -Dout=FOLDER -P fetch.cmake
# Fetches and unpacks a package of npm's, once. Where that cannot be, OUT.why says so in a line.

file(LOCK "${out}.lock")
if(EXISTS "${out}/package")
    return()
endif()
file(REMOVE "${out}.why")

function(leave why)
    file(WRITE "${out}.why" "not run: ${what}: ${why}")
    message("not run: ${what}: ${why}")
endfunction()

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
