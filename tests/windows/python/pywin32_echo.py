"""pywin32_echo.py PIPE_CLIENT: an echo server by pywin32, with events by its connection point; echo.py has
the verdict."""
import win32com.client

import echo

seen = {}


def count(name):
    seen[name] = seen.get(name, 0) + 1


class Handlers:
    def OnServerReady(self):
        count('ServerReady')

    def OnClientConnected(self, connection):
        count('ClientConnected')

    def OnClientMessageReceived(self, connection, cookie, data):
        count('ClientMessageReceived')
        win32com.client.Dispatch(connection).AsyncWrite(bytes(data))

    def OnClientMessageSent(self, connection, cookie):
        count('ClientMessageSent')

    def OnClientDisconnected(self, connection):
        count('ClientDisconnected')


# The wrapper that makepy writes, from the registered type library.
server = win32com.client.DispatchWithEvents('NamedPipeServerLib.NamedPipeServer', Handlers)


def start(name):
    server.PipeName = name
    server.Start()


def stop():
    server.Stop()
    return server.LastEventError


echo.serve('pywin32', start, lambda: server.ManualMessageLoopEnter(50), stop, seen)
