# The samples, the examples of the documents, and the checks on Windows have no syntax that Windows PowerShell 5.1 does
# not know: 5.1 itself cannot be had here.
param([string]$PipeName, [string]$Samples)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/check.psm1"
$language = 'System.Management.Automation.Language'
$newTokens = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr'
$newTrees = "$language.TernaryExpressionAst", "$language.PipelineChainAst"

function Get-NewSyntax([string]$Text) {
    $tokens = $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref]$tokens, [ref]$errors)
    foreach ($problem in $errors) { "line $($problem.Extent.StartLineNumber): $($problem.Message)" }
    foreach ($token in $tokens) {
        if ("$($token.Kind)" -in $newTokens) { "line $($token.Extent.StartLineNumber): $($token.Text)" }
    }
    $isNew = { param($node) $node.GetType().FullName -in $newTrees }
    foreach ($node in $tree.FindAll($isNew, $true)) { "line $($node.Extent.StartLineNumber): $($node.Extent.Text)" }
}

# That it finds them.
foreach ($text in '$a ? 1 : 2', '$a ?? 1', '$a ??= 1', 'Get-Date && Get-Date', '${a}?.Length') {
    Assert "$text is found" (@(Get-NewSyntax $text).Count -gt 0)
}
Assert-Equal 'findings in older syntax' @(Get-NewSyntax 'if ($a) { 1 } else { 2 }').Count 0

$count = 0
$checkout = [IO.Path]::GetDirectoryName($Samples)
foreach ($file in [IO.Directory]::GetFiles($Samples) + [IO.Directory]::GetFiles("$checkout/tests/windows")) {
    if ($file -notmatch '\.psm?1$') { continue }
    $count++
    foreach ($finding in Get-NewSyntax ([IO.File]::ReadAllText($file))) { Assert "$file, $finding" $false }
}
foreach ($file in @("$checkout/README.md") + [IO.Directory]::GetFiles("$checkout/docs", '*.md')) {
    $blocks = [regex]::Matches([IO.File]::ReadAllText($file), '(?ms)^```powershell\r?\n(.*?)^```')
    foreach ($block in $blocks) {
        $count++
        foreach ($finding in Get-NewSyntax $block.Groups[1].Value) { Assert "$file, a block, $finding" $false }
    }
}
Assert "$count scripts were read" ($count -ge 30)

exit (Get-Result)
