' The server does not run: the error says that there is no such pipe, and not that its greeting does not come.
expectedError = "There is no such pipe"
'<< greeting Greeter=PIPE-nobody Err.Raise=Fail
Check "the recipe raises an error", False
