// Mistakes that the checks must find: in `file` the text `find` becomes `put`, and a complaint about that file says so.

const FORM = 'EchoForm/EchoForm.frm', COUNTING = 'EchoForm/EchoServer.cls', CONSOLE = 'ConsoleServer/ConsoleHandler.cls';
const MANY = 'ManyServers/Main.bas', SINK = 'ManyServers/ManyHandler.cls', OFFICE = 'vba/PipeHandler.cls';
const CLIENT = 'ClientForm/ClientForm.frm', REQUEST = 'RequestReply/PipeRequest.cls';
const TWIN = 'twinbasic/EchoServer.twin', USERS = 'reference_handlers.cls';

const mistake = (file, find, put, complaint) => ({ file, find, put, complaint });

export const MISTAKES = [
    // The grammar.
    mistake(FORM, 'Exit Sub\nFailed:', 'Exit\nFailed:', /not in the grammar/),
    mistake(FORM, '(ByVal Text As String)\n', '(ByVal Text As)\n', /not in the grammar/),
    mistake(CONSOLE, '    Loop\n', '', /not in the grammar/),
    mistake(COUNTING, 'ByRef Data() As Byte)\n', 'ByRef Data() As Byte\n', /not in the grammar/),
    mistake(FORM, 'Connection.AsyncWrite Data, "echo"', 'Server.AsyncBroadcast(Data, "echo")', /need Call/),
    mistake(TWIN, 'If Server.BytesToText(Data) = "quit" Then', 'If Server.BytesToText(Data) = "quit"', /not in the grammar of vba/),
    mistake(TWIN, '        End If\n', '', /not in the grammar of vba/),
    mistake(TWIN, '        If Server.BytesToText(Data) = "quit" Then\n', '', /not in the grammar of vb6/),

    // Handlers of WithEvents.
    mistake(FORM, 'Server_ServerReady', 'Server_Ready', /no event Ready/),
    mistake(TWIN, 'Server_ClientMessageReceived(', 'Server_MessageReceived(', /no event MessageReceived/),
    mistake(FORM, 'ClientConnected(Connection As NamedPipeServerConnection)', 'ClientConnected(Client As NamedPipeServerConnection)',
        /Client is named Connection/),
    mistake(FORM, 'ClientConnected(Connection As NamedPipeServerConnection)', 'ClientConnected(Connection As NamedPipeEvent)',
        /must be As NamedPipeServerConnection/),
    mistake(FORM, 'ClientConnected(Connection As NamedPipeServerConnection)', 'ClientConnected(Connection As Object)',
        /must be As NamedPipeServerConnection/),
    mistake(FORM, 'ClientConnected(Connection As NamedPipeServerConnection)', 'ClientConnected(ByVal Connection As NamedPipeServerConnection)',
        /must be ByRef/),
    mistake(USERS, 'ClientMessageSent(Connection As NamedPipeServerConnection, ByRef Cookie As Variant)',
        'ClientMessageSent(Connection As NamedPipeServerConnection, ByVal Cookie As Variant)', /Cookie must be ByRef/),
    mistake(USERS, '        ByRef Cookie As Variant, _\n', '', /has 3 arguments, not 2/),
    mistake(USERS, 'ClientMessageSent(Connection As NamedPipeServerConnection, ByRef Cookie As Variant)',
        'ClientMessageSent(ByRef Cookie As Variant, Connection As NamedPipeServerConnection)', /Cookie is named Connection/),
    mistake(USERS, 'ByRef Data() As Byte)', 'ByRef Data As Byte)', /Data must be an array/),
    mistake(USERS, 'ByRef Data() As Byte)', 'ByRef Data() As Integer)', /must be As Byte/),
    mistake(USERS, 'ByRef Cookie As Variant, _', 'ByRef Cookie As String, _', /must be As Variant/),
    mistake(USERS, 'Private Sub server_ServerReady()\n', 'Private Sub server_ServerReady(Connection As NamedPipeServerConnection)\n',
        /has 0 arguments, not 1/),
    mistake(COUNTING, 'ClientConnected(Connection', 'ClientConnected(Optional Connection', /cannot be Optional/),
    mistake(FORM, 'ServerError(ByVal Number', 'ServerError(Number', /Number must be ByVal/),
    mistake(FORM, 'ServerError(ByVal Number As Long', 'ServerError(ByVal Number As Integer', /must be As Long/),
    mistake(COUNTING, 'WithEvents Server As NamedPipeServer', 'WithEvents Server As NamedPipeServerConnection', /has no events/),
    mistake(COUNTING, 'WithEvents Server As NamedPipeServer', 'WithEvents Server As New NamedPipeServer', /cannot be As New/),
    mistake(COUNTING, 'WithEvents Server As NamedPipeServer', 'WithEvents Server(3) As NamedPipeServer', /cannot be an array/),
    mistake(CLIENT, 'Sub Pipe_Connected', 'Sub Pipe_ClientConnected', /NamedPipeClientConnection has no event ClientConnected/),
    mistake(CLIENT, 'Pipe_MessageReceived(ByRef Cookie', 'Pipe_MessageReceived(Connection As NamedPipeClientConnection, ByRef Cookie',
        /has 2 arguments, not 3/),
    mistake(CLIENT, 'Pipe_Error(ByVal Number', 'Pipe_Error(Number', /Number must be ByVal/),
    mistake(CLIENT, 'WithEvents Pipe As NamedPipeClientConnection', 'WithEvents Pipe As NamedPipeClientManager', /has no events/),

    // Methods of an EventSink.
    mistake(SINK, 'ClientMessageReceived', 'ClientMesageReceived', /no event ClientMesageReceived/),
    mistake(SINK, 'ByRef Cookie As Variant, ', '', /has 3 arguments, not 2/),
    mistake(SINK, 'ClientConnected(Connection As Object)', 'ClientConnected(Connection As NamedPipeServerConnection)', /must be As Object/),
    mistake(SINK, 'ByRef Data() As Byte', 'ByVal Data As Variant', /Data must be an array/),
    mistake(SINK, 'Connection.Server.PipeName', 'Connection.Server.Name', /NamedPipeServer has no member Name/),

    // Members.
    mistake(FORM, 'Server.Version', 'Server.Versions', /NamedPipeServer has no member Versions/),
    mistake(FORM, 'Connection.ID & " (process', 'Connection.Handel & " (process', /NamedPipeServerConnection has no member Handel/),
    mistake(MANY, 'Servers(Index).Start', 'Servers(Index).Begin', /has no member Begin/),
    mistake(MANY, 'Servers(Index).PipeName =', 'Servers.PipeName =', /an array has no member PipeName/),
    mistake(MANY, 'Servers(1).ManualMessageLoopLeave', 'Servers(1).ManualMessageLoopExit', /has no member ManualMessageLoopExit/),
    mistake(FORM, 'Server.Stop 500', 'Server.Invoke 500', /has no member Invoke/),
    mistake(FORM, '    Server.Start\n', '    Server.IsRunning\n', /is a property and no method/),
    mistake(FORM, 'Server.PipeName = "EchoForm"', 'Server.Version = "EchoForm"', /cannot be assigned/),
    mistake(FORM, 'Log "ready, version " & Server.Version', 'Log "ready, version " & Server.Start', /Start gives nothing/),
    mistake(FORM, 'Counting.Finish', 'Counting.Fini', /EchoServer has no public member Fini/),
    mistake(FORM, '    Server.Start\n', '    Sever.Start\n', /Sever is not declared/),
    mistake(FORM, 'Connection.DisconnectReason', 'NamedPipeReasonNon', /NamedPipeReasonNon is not declared/),
    mistake(OFFICE, 'As NamedPipeServerConnection)\n    Connection', 'As NamedPipeServersConnection)\n    Connection', /no type NamedPipeServersConnection/),
    mistake(CLIENT, 'Manager.Connect("EchoForm", 3000)', 'Manager.Open("EchoForm", 3000)', /NamedPipeClientManager has no member Open/),
    mistake(CLIENT, 'Pipe.DisconnectReason', 'Pipe.Reason', /NamedPipeClientConnection has no member Reason/),

    // Arguments.
    mistake(FORM, 'Server.Stop 500', 'Server.Stop 500, True', /Stop takes 1 arguments, not 2/),
    mistake(FORM, 'Server.BytesToText(Data)', 'Server.BytesToText(Data, 1200, "x")', /BytesToText takes 2 arguments, not 3/),
    mistake(FORM, 'Server.BytesToText(Data)', 'Server.BytesToText()', /BytesToText needs its argument Data/),
    mistake(FORM, 'Connection.AsyncWrite Data, "echo"', 'Connection.AsyncWrite', /AsyncWrite needs its argument Data/),
    mistake(FORM, 'Connection.AsyncWrite Data, "echo"', 'Connection.AsyncWrite , "echo"', /AsyncWrite needs its argument Data/),
    mistake(USERS, 'Cookie:="answer"', 'Cooky:="answer"', /AsyncWrite has no argument cooky/),
    mistake(USERS, 'Cookie:="answer"', 'Data:="answer"', /is given Data twice/),
    mistake(MANY, 'Servers(1).ManualMessageLoopEnter', 'Servers(1).ManualMessageLoopEnter 1000, 2', /takes 1 arguments, not 2/),
    mistake(FORM, 'Log "ready, version " & Server.Version', 'Log "ready, version " & Server.Version(1)', /takes no arguments/),
    mistake(REQUEST, 'Manager.CallText(Name, Question, PATIENCE_MS)', 'Manager.CallText(Name)', /CallText needs its argument Text/),
    mistake(REQUEST, 'Manager.CallText(Name, Question, PATIENCE_MS)', 'Manager.CallText(Name, Question, Timeout:=1)', /has no argument timeout/),

    // Objects.
    mistake(CLIENT, 'Set Pipe = Manager.Connect', 'Pipe = Manager.Connect', /without Set/),
    mistake(CLIENT, 'Set Manager = New NamedPipeClientManager', 'Set Manager = New NamedPipeClientConnection', /cannot be created with New/),
    mistake(CLIENT, 'Set Pipe = Manager.Connect', 'Set Manager = Manager.Connect', /a NamedPipeClientConnection is no NamedPipeClientManager/),
    mistake(FORM, 'Set Server = New NamedPipeServer', 'Server = New NamedPipeServer', /without Set/),
    mistake(MANY, 'Set Servers(Index) = New', 'Servers(Index) = New', /without Set/),
    mistake(MANY, 'Set Servers(Index).EventSink = Handler', 'Servers(Index).EventSink = Handler', /EventSink without Set/),
    mistake(FORM, 'Server.PipeName = "EchoForm"', 'Set Server.PipeName = "EchoForm"', /cannot be assigned by Set/),
    mistake(FORM, 'Set Server = New NamedPipeServer', 'Set Server = New NamedPipeServerConnection', /cannot be created with New/),
    mistake(SINK, 'Set Client = Connection', 'Set Client = Connection.Server', /a NamedPipeServer is no NamedPipeServerConnection/),
    mistake(SINK, 'Set Client = Connection', 'Set Client = Connection.ID', /Set takes an object, not Long/),
];
