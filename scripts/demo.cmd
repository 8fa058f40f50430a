@echo off
rem Registers the DLL, starts the VBScript sample server under cscript, and speaks to it with call.vbs and
rem FileSystemObject. Run it from an elevated prompt.
setlocal
call "%~dp0build.cmd" x64 || exit /b 1
cd /d "%~dp0.."
set name=demo-%random%
regsvr32 /s build\x64\NamedPipeServer.dll || (echo regsvr32 failed: run this from an elevated prompt. & exit /b 1)
set failed=0
set tries=0
start "NamedPipeServer demo" /b cscript //nologo samples_script\echo_eventsink.vbs %name%
:wait
rem The server listens when its pipe is listed.
dir /b \\.\pipe\ 2>nul | findstr /x /c:"%name%" >nul && goto listens
set /a tries+=1
if %tries% geq 20 (
    echo The server did not listen within 20 seconds: look at what its script said above.
    set failed=1
    goto end
)
ping -n 2 127.0.0.1 >nul
goto wait
:listens
cscript //nologo samples_script\call.vbs %name% "Hello from call.vbs"
cscript //nologo samples_script\client_filesystemobject.vbs %name% "Hello from FileSystemObject" quit
rem Also after a failure: nothing of the demo stays.
:end
regsvr32 /s /u build\x64\NamedPipeServer.dll
exit /b %failed%
