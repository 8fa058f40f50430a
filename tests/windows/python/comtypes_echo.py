"""comtypes_echo.py PIPE_CLIENT: an echo server by comtypes, with events by its connection point; echo.py has
the verdict."""
import array

import comtypes.client

import echo

seen = {}
library = comtypes.client.GetModule(('{8B064E86-D618-495B-91CB-C767B2DEC49D}', 1, 0))


def count(name):
    seen[name] = seen.get(name, 0) + 1


# A handler whose first argument is called `this` gets the arguments as they came.
class Handlers:
    def ServerReady(self, this):
        count('ServerReady')

    def ClientConnected(self, this, connection):
        count('ClientConnected')

    def ClientMessageReceived(self, this, connection, cookie, data):
        count('ClientMessageReceived')
        client = connection.QueryInterface(library.INamedPipeServerConnection)
        client.AsyncWrite(array.array('B', data))

    def ClientMessageSent(self, this, connection, cookie):
        count('ClientMessageSent')

    def ClientDisconnected(self, this, connection):
        count('ClientDisconnected')


server = comtypes.client.CreateObject('NamedPipeServerLib.NamedPipeServer', interface=library.INamedPipeServer)
connection = comtypes.client.GetEvents(server, Handlers(), library._INamedPipeServerEvents)


def start(name):
    server.PipeName = name
    server.Start()


def stop():
    server.Stop()
    return server.LastEventError


echo.serve('comtypes', start, lambda: server.ManualMessageLoopEnter(50), stop, seen)
