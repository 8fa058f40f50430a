@echo off
rem Says what is missing on Windows to build and test:
rem CMake 3.25, Visual Studio 2022 with the C++ tools, GoogleTest's source.
setlocal
set missing=
where cmake >nul 2>nul || call :miss ^
    "CMake is missing: install it from cmake.org, or with  winget install Kitware.CMake"
set "vswhere=%ProgramFiles(x86)%\Microsoft Visual Studio\Installer\vswhere.exe"
if not exist "%vswhere%" call :miss ^
    "Visual Studio 2022 is missing: install it, or its Build Tools, with the workload Desktop development with C++"
if not defined GOOGLETEST_DIR set "GOOGLETEST_DIR=%~dp0..\build\googletest"
if not exist "%GOOGLETEST_DIR%\CMakeLists.txt" call :miss ^
    "GoogleTest's source is missing: unpack 1.12 or later into build\googletest, or set GOOGLETEST_DIR to its folder"
if defined missing exit /b 1
exit /b 0

:miss
echo %~1
set missing=1
exit /b 0
