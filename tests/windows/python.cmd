@echo off
rem python.cmd: the servers in Python, by pywin32 and by comtypes, in the Python that is on the PATH. Check 56 of
rem docs\WINDOWS.md. The DLL of that Python's bitness must be registered (prepare.ps1).
setlocal
cd /d "%~dp0..\.."
python -m pip install --disable-pip-version-check --quiet -r tests\windows\python\requirements.txt || exit /b 1
if not exist reports mkdir reports
set failed=0
for %%p in (pywin32_echo.py comtypes_echo.py) do (
    python -B tests\windows\python\%%p build\x64\tests\pipe_client.exe || set failed=1
)
exit /b %failed%
