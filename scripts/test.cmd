@echo off
rem test.cmd [x64] [x86]: builds, and runs every suite in both bitnesses, or in those named. The results are in
rem build\msvc-x64\results.xml and build\msvc-x86\results.xml, in the form of JUnit.
rem Run it from an elevated prompt: the tests of the registration need it.
setlocal
call "%~dp0build.cmd" %* || exit /b 1
cd /d "%~dp0.."
set failed=0
set "bitnesses=%*"
if not defined bitnesses set bitnesses=x64 x86
for %%a in (%bitnesses%) do (
    ctest --preset msvc-%%a --output-junit "%CD%\build\msvc-%%a\results.xml" ^
        --output-log "%CD%\build\msvc-%%a\ctest.log" || set failed=1
)
exit /b %failed%
