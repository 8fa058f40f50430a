@echo off
rem Registers the DLL, starts the VBScript sample server under cscript, and speaks to it with call.vbs and FileSystemObject. Run it from an elevated prompt.
setlocal
call "%~dp0build.cmd" || exit /b 1
cd /d "%~dp0.."
set name=demo-%random%
regsvr32 /s build\x64\NamedPipeServer.dll || (echo regsvr32 failed: run this from an elevated prompt. & exit /b 1)
start "NamedPipeServer demo" /b cscript //nologo samples_script\echo_eventsink.vbs %name%
:wait
rem The server listens when its pipe is listed.
dir /b \\.\pipe\ 2>nul | findstr /x /c:"%name%" >nul || (ping -n 2 127.0.0.1 >nul & goto wait)
cscript //nologo samples_script\call.vbs %name% "Hello from call.vbs"
cscript //nologo samples_script\client_filesystemobject.vbs %name% "Hello from FileSystemObject" quit
regsvr32 /s /u build\x64\NamedPipeServer.dll
exit /b 0
