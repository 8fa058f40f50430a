' Text becomes bytes and bytes become text, in any code page.
Option Explicit
Dim server, euro, bytes, elements, element, sum

Set server = CreateObject("NamedPipeServerLib.NamedPipeServer")

' UTF-8 where no code page is given.
euro = server.BytesToText(Array(226, 130, 172))
CheckEqual "the length of a euro sign", Len(euro), CLng(1)
bytes = server.TextToBytes("A" & euro)
CheckEqual "what TextToBytes gives", VarType(bytes), 8192 + 17
elements = server.BytesToArray(bytes)
CheckEqual "UBound of BytesToArray", UBound(elements), CLng(3)
CheckEqual "elements", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 226 130 172"
For Each element In elements
    sum = sum + element
Next
Check "For Each over the elements adds up to " & sum, sum = 65 + 226 + 130 + 172
CheckEqual "there and back", server.BytesToText(bytes), "A" & euro
CheckEqual "from an array of Variant", server.BytesToText(elements), "A" & euro

' UTF-16 and one byte for each character.
elements = server.BytesToArray(server.TextToBytes("A" & euro, 1200))
CheckEqual "UTF-16", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 0 172 32"
CheckEqual "from UTF-16", server.BytesToText(elements, 1200), "A" & euro
elements = server.BytesToArray(server.TextToBytes(euro, 1252))
CheckEqual "the euro sign in Windows-1252", elements(0) & "", "128"

' A mark at the beginning goes, what is invalid becomes one replacement character.
CheckEqual "after a mark", server.BytesToText(Array(239, 187, 191, 65)), "A"
CheckEqual "an invalid byte", Len(server.BytesToText(Array(65, 255, 66))), CLng(3)
elements = server.BytesToArray(server.TextToBytes(server.BytesToText(Array(255))))
CheckEqual "the replacement character", elements(0) & " " & elements(1) & " " & elements(2), "239 191 189"

' Nothing.
CheckEqual "the text of no bytes", server.BytesToText(Array()), ""
CheckEqual "the text of Empty", server.BytesToText(Empty), ""
CheckEqual "UBound of no bytes", UBound(server.BytesToArray(server.TextToBytes(""))), CLng(-1)

' A string's bytes are its UTF-16.
elements = server.BytesToArray("AB")
CheckEqual "a string's bytes", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 0 66 0"
