' Text becomes bytes and bytes become text, in any code page, by a server and by a manager of clients.
Option Explicit
Dim euro, bytes, elements, element, sum

Convert CreateObject("NamedPipeServerLib.NamedPipeServer")
Convert CreateObject("NamedPipeServerLib.NamedPipeClientManager")

Sub Convert(converter)
    sum = 0

    ' UTF-8 where no code page is given.
    euro = converter.BytesToText(Array(226, 130, 172))
    CheckEqual "the length of a euro sign", Len(euro), CLng(1)
    bytes = converter.TextToBytes("A" & euro)
    CheckEqual "what TextToBytes gives", VarType(bytes), 8192 + 17
    elements = converter.BytesToArray(bytes)
    CheckEqual "UBound of BytesToArray", UBound(elements), CLng(3)
    CheckEqual "elements", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 226 130 172"
    For Each element In elements
        sum = sum + element
    Next
    Check "For Each over the elements adds up to " & sum, sum = 65 + 226 + 130 + 172
    CheckEqual "there and back", converter.BytesToText(bytes), "A" & euro
    CheckEqual "from an array of Variant", converter.BytesToText(elements), "A" & euro

    ' UTF-16 and one byte for each character.
    elements = converter.BytesToArray(converter.TextToBytes("A" & euro, 1200))
    CheckEqual "UTF-16", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 0 172 32"
    CheckEqual "from UTF-16", converter.BytesToText(elements, 1200), "A" & euro
    elements = converter.BytesToArray(converter.TextToBytes(euro, 1252))
    CheckEqual "the euro sign in Windows-1252", elements(0) & "", "128"

    ' A mark at the beginning goes, what is invalid becomes one replacement character.
    CheckEqual "after a mark", converter.BytesToText(Array(239, 187, 191, 65)), "A"
    CheckEqual "an invalid byte", Len(converter.BytesToText(Array(65, 255, 66))), CLng(3)
    elements = converter.BytesToArray(converter.TextToBytes(converter.BytesToText(Array(255))))
    CheckEqual "the replacement character", elements(0) & " " & elements(1) & " " & elements(2), "239 191 189"

    ' Nothing.
    CheckEqual "the text of no bytes", converter.BytesToText(Array()), ""
    CheckEqual "the text of Empty", converter.BytesToText(Empty), ""
    CheckEqual "UBound of no bytes", UBound(converter.BytesToArray(converter.TextToBytes(""))), CLng(-1)

    ' A string's bytes are its UTF-16.
    elements = converter.BytesToArray("AB")
    CheckEqual "a string's bytes", elements(0) & " " & elements(1) & " " & elements(2) & " " & elements(3), "65 0 66 0"
End Sub
