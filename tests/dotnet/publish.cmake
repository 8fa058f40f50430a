# cmake -Dwhat=TEXT -Dproject=FOLDER -Druntime=win-x64 -Dout=FOLDER [-Doptions=OPTION;...] -Dcommand=PROGRAM...
#     -P publish.cmake
# Publishes a .NET program for Windows into OUT, once for each state of its source, and sees that it starts: without
# arguments it must end with 2. Where that cannot be, OUT.why says so in a line.

include("${CMAKE_CURRENT_LIST_DIR}/../tools/fetched.cmake")

file(GLOB sources "${project}/*.cs" "${project}/*.csproj" "${CMAKE_CURRENT_LIST_DIR}/shared/*.cs")
set(digest "${options}\n")
foreach(source ${sources})
    file(SHA256 "${source}" one)
    string(APPEND digest "${one}\n")
endforeach()

file(LOCK "${out}.lock")    # both bitnesses, or two checkouts of one build folder, may be tested at once
if(EXISTS "${out}/made_of")
    file(READ "${out}/made_of" made_of)
    if(made_of STREQUAL digest)
        file(REMOVE "${out}.why")
        leave_if_it_cannot_start(2 ${command})
        return()
    endif()
endif()
file(REMOVE_RECURSE "${out}" "${out}.why")

find_program(dotnet dotnet PATHS ENV PATH NO_DEFAULT_PATH)
if(NOT dotnet)
    leave("dotnet is not on PATH")
    return()
endif()

# Without servers that outlive it and hold the test's output open.
set(ENV{MSBUILDDISABLENODEREUSE} 1)
set(ENV{DOTNET_CLI_TELEMETRY_OPTOUT} 1)
execute_process(
    COMMAND "${dotnet}" publish "${project}" --configuration Release --runtime ${runtime} --output "${out}"
        ${options} --artifacts-path "${out}.made" -p:UseSharedCompilation=false -nologo -verbosity:quiet
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 200)
file(REMOVE_RECURSE "${out}.made")
if(result EQUAL 0)
    file(WRITE "${out}/made_of" "${digest}")
    leave_if_it_cannot_start(2 ${command})
elseif(said MATCHES "error CS")
    message(FATAL_ERROR "${said}")
elseif(said MATCHES "error NETSDK1045")
    leave("this dotnet is older than .NET 10")
else()
    message("${said}")
    leave("dotnet cannot fetch the packages it needs")
endif()
