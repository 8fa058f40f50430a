' mpv does not run: the error says that there is no such pipe, and not that its answer does not come.
expectedError = "There is no such pipe"
'<< mpv mpv-pipe=PIPE-nobody Err.Raise=Fail
Check "the recipe raises an error", False
