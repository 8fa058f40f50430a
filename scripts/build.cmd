@echo off
rem build.cmd [x64] [x86]: builds both bitnesses, or those named, with Visual Studio and leaves them where the other
rem scripts expect them: build\x64 and build\x86, each DLL with its manifest, type library and C header.
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
    for %%f in (NamedPipeServer.dll NamedPipeServer.X.manifest NamedPipeServer.tlb NamedPipeServer.h) do (
        copy /y "build\msvc-%%a\%%f" "build\%%a\%%f" >nul || exit /b 1
    )
)
exit /b 0
