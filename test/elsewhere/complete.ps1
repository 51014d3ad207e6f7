# Tries kt's completion in PowerShell: commands without a broker, and the topics of the broker that KT_BOOTSTRAP_SERVER names.
#
#   pwsh test/elsewhere/complete.ps1 [TOPIC]
param([string] $topic)
$ErrorActionPreference = 'Stop'
kt completion powershell | Out-String | Invoke-Expression

function Assert-Offered([string] $line, [string] $wanted) {
    $offered = @((TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText })
    if ($offered -cnotcontains $wanted) { throw "not ok '$line' completes to '$offered', without '$wanted'" }
    Write-Output "ok '$line' completes to '$wanted'"
}

Assert-Offered 'kt topics cr' 'create'
Assert-Offered 'kt topics create --parti' '--partitions'
if ($topic) { Assert-Offered "kt topics describe $($topic.Substring(0, 4))" $topic }
