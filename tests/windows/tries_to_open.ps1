# tries_to_open.ps1 NAME: for names.ps1. Opens the pipe of this name as soon as it can, and says so; goes on trying.
param([string]$PipeName)

[Console]::WriteLine('trying')
while ($true) {
    $client = [IO.Pipes.NamedPipeClientStream]::new($PipeName)
    try {
        $client.Connect(0)
        [Console]::WriteLine('opened')
    }
    catch { }
    finally { $client.Dispose() }
}
