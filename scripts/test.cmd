@echo off
rem Builds, and runs every suite in both bitnesses.
rem Run it from an elevated prompt: the tests of the registration need it.
setlocal
call "%~dp0build.cmd" || exit /b 1
cd /d "%~dp0.."
set failed=0
for %%a in (x64 x86) do ctest --preset msvc-%%a || set failed=1
exit /b %failed%
