' A sheet of our own; what stands in one cell, or in the range that is sent.
Class Sheet
    Public Cells
    Public Total
    Public Function Range(address)
        Dim one

        Set one = New SheetRange
        one.Address = address
        Set Range = one
    End Function
End Class

Class SheetRange
    Public Address
    Public Property Get Value
        Value = ActiveSheet.Cells
    End Property
    Public Property Let Value(newValue)
        CheckEqual "the cell", Address, "E2"
        ActiveSheet.Total = newValue
    End Property
End Class

Dim ActiveSheet, orders
'<< excel Orders=PIPE

Set ActiveSheet = New Sheet
ReDim orders(1, 2)
orders(0, 0) = "pen" : orders(0, 1) = 2 : orders(0, 2) = 1.5
orders(1, 0) = "ink" : orders(1, 1) = 1 : orders(1, 2) = 4.25
ActiveSheet.Cells = orders
WaitForService 0
SendOrders False
CheckEqual "the total", ActiveSheet.Total, 7.25
orders(1, 1) = "many"
ActiveSheet.Cells = orders
SendOrders False
Check "an order that is none was refused, with: " & printed, printed <> ""
CheckEqual "the total of before", ActiveSheet.Total, 7.25

' Until it answers, for a minute at most: a client that only came and left may go before the service has seen it.
Sub WaitForService(framing)
    Dim first, answer, i

    Set first = NewManager()
    first.Framing = framing
    On Error Resume Next
    For i = 1 To 120
        Err.Clear
        answer = first.CallText(WScript.Arguments(0), "[]", 20000)
        If Err.Number <> 53 Then Exit For       ' no such pipe, yet
    Next
    CheckEqual "the answer to no orders", answer, "{""rows"":0,""total"":0}"
End Sub
