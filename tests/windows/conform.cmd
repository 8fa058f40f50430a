@echo off
rem conform.cmd: what this Windows answers to the stories of tests\sim\conform. Check 42 of docs\WINDOWS.md. Needs
rem build\x64\tests\conform.exe, and no rights. The answers go to reports\conform.txt; on Debian
rem   tests/sim/check fill windows conform.txt; tests/sim/check columns
rem says where the simulation answers otherwise.
setlocal
cd /d "%~dp0..\.."
if not exist reports mkdir reports
ver >reports\conform.txt
build\x64\tests\conform.exe >>reports\conform.txt
if errorlevel 1 (
    echo conform.exe failed
    exit /b 1
)
rem A story tells some lines; all of them more than two thousand.
set lines=0
for /f "usebackq delims=" %%l in ("reports\conform.txt") do set /a lines+=1
echo %lines% lines are in reports\conform.txt
if %lines% lss 2000 exit /b 1
exit /b 0
