@echo off
rem windows_powershell.cmd: windows_powershell.ps1 in both bitnesses of Windows PowerShell 5.1. 64-bit cmd.
setlocal
set failed=0
for %%s in (System32 SysWOW64) do (
    "%SystemRoot%\%%s\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass ^
        -File "%~dp0windows_powershell.ps1" || set failed=1
)
exit /b %failed%
