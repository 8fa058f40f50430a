@echo off
rem lay.cmd: copies this checkout to C:\nps, where the checks expect it and other users may read it. What scripts/kit
rem made on Debian goes there too: its build and dist.
robocopy "%~dp0..\.." C:\nps /e /xd .git build /njh /njs /ndl /nfl /np
rem Less than 8: copied.
if errorlevel 8 exit /b 1
exit /b 0
