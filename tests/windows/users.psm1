# users.psm1: a second user for the checks, made and removed here. Needs an elevated prompt.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$logon = @'
using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

public static class Logon
{
    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool LogonUser(string user, string domain, string password, int type, int provider,
        out SafeAccessTokenHandle token);

    /// As at the screen.
    public static SafeAccessTokenHandle Interactive(string user, string password)
    {
        SafeAccessTokenHandle token;
        if (!LogonUser(user, ".", password, 2, 0, out token))
            throw new System.ComponentModel.Win32Exception(Marshal.GetLastWin32Error());
        return token;
    }
}
'@

# A standard user of this computer: Name, Password and Token. Remove-User takes it away.
function New-User {
    $name = 'nps-check'
    # 14 characters: `net` asks about longer ones.
    $text = 'Ab1!' + [guid]::NewGuid().ToString('N').Substring(0, 10)
    net.exe user $name /delete 2>&1 | Out-Null
    net.exe user $name $text /add | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "net user ended with $LASTEXITCODE`: is this prompt elevated?" }
    if (-not ('Logon' -as [type])) { Add-Type -TypeDefinition $logon }
    $password = [Security.SecureString]::new()
    foreach ($character in $text.ToCharArray()) { $password.AppendChar($character) }
    [pscustomobject]@{ Name = $name; Password = $password; Token = [Logon]::Interactive($name, $text) }
}

function Remove-User($User) {
    $User.Token.Dispose()
    net.exe user $User.Name /delete | Out-Null
}

# Runs the block on this thread with the token of that user, and gives what it gives.
function Invoke-As($User, [scriptblock]$Block) {
    $result = [Collections.Generic.List[object]]::new()
    $action = [Action] { foreach ($value in @(& $Block)) { $result.Add($value) } }
    [Security.Principal.WindowsIdentity]::RunImpersonated($User.Token, $action)
    $result.ToArray()
}

Export-ModuleMember -Function New-User, Remove-User, Invoke-As
