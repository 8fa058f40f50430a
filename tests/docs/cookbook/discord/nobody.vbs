' Discord does not run: the error says that there is no such pipe, and not that its answer does not come.
expectedError = "There is no such pipe"
'<< discord discord-ipc-0=PIPE-nobody Err.Raise=Fail
Check "the recipe raises an error", False
