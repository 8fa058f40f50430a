@echo off
rem build.cmd [x64] [x86]: builds both bitnesses, or those named, with Visual Studio and leaves them where the other
rem scripts expect them: build\x64 and build\x86, each DLL with pipe.exe, its manifest, type library and C header.
setlocal
call "%~dp0setup.cmd" || exit /b 1
if not defined GOOGLETEST_DIR set "GOOGLETEST_DIR=%~dp0..\build\googletest"
cd /d "%~dp0.."
set "bitnesses=%*"
if not defined bitnesses set bitnesses=x64 x86
for %%a in (%bitnesses%) do (
    cmake --preset msvc-%%a "-DGOOGLETEST_DIR=%GOOGLETEST_DIR%" || exit /b 1
    cmake --build --preset msvc-%%a --parallel || exit /b 1
    if not exist build\%%a mkdir build\%%a
    for %%f in (NamedPipeServer.dll pipe.exe NamedPipeServer.X.manifest NamedPipeServer.tlb NamedPipeServer.h) do (
        call :collect msvc-%%a %%a %%f || exit /b 1
    )
)
exit /b 0

rem The DLL and pipe.exe lie in a folder of their configuration, the others do not.
:collect
if exist "build\%1\RelWithDebInfo\%3" (
    copy /y "build\%1\RelWithDebInfo\%3" "build\%2\%3" >nul
) else (
    copy /y "build\%1\%3" "build\%2\%3" >nul
)
exit /b %errorlevel%
