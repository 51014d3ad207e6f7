/** Definitions → the completion script for PowerShell (5.1 and newer). */
import type { Command } from '../define.ts';
import { completables, connectionFlags, type Flag, globalFlags, wordsOf } from './model.ts';
import { spec } from './tables.ts';

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`;
}

function names({ short, long }: Flag): readonly string[] {
  return short ? [short, long] : [long];
}

/** `$table['key'] = value`, since the keys of a literal would not tell -k from -K. */
function entry(table: string, key: string, value: string): string {
  return `    $${table}[${quoted(key)}] = ${value}`;
}

function valueEntries(before: string, flags: readonly Flag[]): readonly string[] {
  return flags.flatMap((flag) => {
    const { value } = flag;
    return value ? names(flag).map((name) => entry('values', `${before} ${name}`.trim(), quoted(spec(value)))) : [];
  });
}

/** The script: a line of $PROFILE evaluates it. */
export function powershellScript(commands: readonly Command[]): string {
  const all = completables(commands);
  const words = wordsOf(all);
  const under = [...new Set(words.map((word) => word.under))];
  const lines = [
    ...under.map((noun) => entry('words', noun, list(words.flatMap((word) => (word.under === noun ? [word.word] : []))))),
    ...all.map(({ name, flags }) => entry('flags', name, list(flags.flatMap(names)))),
    entry('flags', '', list([...globalFlags.flatMap(names), '--help', '--version'])),
    ...all.flatMap(({ name, flags }) => valueEntries(name, flags)),
    ...valueEntries('', globalFlags),
    ...all.flatMap(({ name, args, variadic }) =>
      args.map((values, index) =>
        entry('arguments', `${name} ${variadic && index === args.length - 1 ? '*' : index}`, quoted(spec(values))),
      ),
    ),
  ];
  return `# PowerShell completion for kt: kt completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName kt -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = [hashtable]::new([System.StringComparer]::Ordinal)
    $flags = [hashtable]::new([System.StringComparer]::Ordinal)
    $values = [hashtable]::new([System.StringComparer]::Ordinal)
    $arguments = [hashtable]::new([System.StringComparer]::Ordinal)
${lines.join('\n')}

    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $command = ''
    $position = 0
    $first = @()
    $connection = @('-q')
    $what = $null
    for ($i = 1; $i -lt $typed.Count; $i++) {
        $word = $typed[$i]
        if ($word.StartsWith('-')) {
            $value = $values["$command $word".Trim()]
            if ($null -eq $value) { $value = $values[$word] }
            if ($null -eq $value) { continue }
            if ($i + 1 -eq $typed.Count) { $what = $value; break }
            if (${list(connectionFlags)} -ccontains $word) { $connection += @($word, $typed[$i + 1]) }
            $i++
        } elseif ($words.ContainsKey($command) -and $words[$command] -ccontains $word) {
            $command = "$command $word".Trim()
        } else {
            if ($position -eq 0) { $first = @($word) }
            $position++
        }
    }
    if ($null -eq $what) {
        if ($wordToComplete.StartsWith('-')) { $what = 'words ' + ($flags[$command] -join ' ') }
        elseif ($words.ContainsKey($command)) { $what = 'words ' + ($words[$command] -join ' ') }
        else {
            $what = $arguments["$command $position"]
            if ($null -eq $what) { $what = $arguments["$command *"] }
        }
    }
    if ($null -eq $what) { return }
    $offered = @()
    if ($what.StartsWith('words ')) { $offered = $what.Substring(6).Split(' ') }
    elseif ($what.StartsWith('live ')) { $offered = @(& $typed[0] complete @connection $what.Substring(5) @first 2>$null) }
    $offered | Where-Object { $_ -and $_.StartsWith($wordToComplete, [System.StringComparison]::Ordinal) } | ForEach-Object {
        $text = if ($_ -match '[^\\w:./=-]') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
    }
}
`;
}
