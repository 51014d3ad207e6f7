/** Definitions → the completion script for fish. */
import type { Command } from '../define.ts';
import { type Completable, completables, connectionFlags, type Flag, globalFlags, type Values, wordsOf } from './model.ts';

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** What `-a` offers; files are offered by leaving out `--no-files`. */
function offer(values: Values): string {
  if (values.kind === 'file') return '';
  const words = values.kind === 'words' ? values.words.join(' ') : values.kind === 'live' ? `(__kt_live ${values.what})` : '';
  return words === '' ? ' -f' : ` -f -a ${quoted(words)}`;
}

function flagLine(at: string, { short, long, description, value }: Flag): string {
  const names = `${short ? `-s ${short.slice(1)} ` : ''}-l ${long.slice(2)}`;
  const required = value ? ` -r${offer(value)}` : '';
  return `complete -c kt -n ${quoted(at)} ${names}${required} -d ${quoted(description)}`;
}

function argumentLines({ name, args, variadic }: Completable): string[] {
  return args.flatMap((values, index) => {
    if (values.kind === 'nothing') return [];
    const position = variadic && index === args.length - 1 ? '' : ` ${index}`;
    const files = values.kind === 'file' ? ' -F' : offer(values);
    return [`complete -c kt -n ${quoted(`__kt_at ${quoted(name)}${position}`)}${files}`];
  });
}

function withValue(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ short, long, value }) => (value ? [...(short ? [short] : []), long] : []));
}

/** The script: a file called kt.fish in ~/.config/fish/completions. */
export function fishScript(commands: readonly Command[]): string {
  const list = completables(commands);
  const words = wordsOf(list);
  const valued = list.flatMap(({ name, flags }) => withValue(flags).map((each) => quoted(`${name} ${each}`)));
  const globals = [...withValue(globalFlags), '--brokers'].map((each) => quoted(`*${each}`));
  const lines = [
    ...words.map(
      ({ under, word, summary }) =>
        `complete -c kt -n ${quoted(`__kt_at ${quoted(under)} 0`)} -a ${quoted(word)} -d ${quoted(summary)}`,
    ),
    ...list.flatMap((each) => each.flags.map((flag) => flagLine(`__kt_at ${quoted(each.name)}`, flag))),
    ...globalFlags.map((flag) => flagLine('__kt_between', flag)),
    ...list.flatMap(argumentLines),
  ];
  return `# fish completion for kt: kt completion fish | source

# Walks what was typed before the cursor: sets command, position, first (argument) and connection.
function __kt_walk --no-scope-shadowing
    set command ''
    set position 0
    set first
    set connection -q
    set -l tokens (commandline -opc)[2..-1]
    while set -q tokens[1]
        set -l token $tokens[1]
        set -e tokens[1]
        if string match -q -- '-*' $token
            switch "$command $token"
                case ${[...new Set([...valued, ...globals])].join(' ')}
                    if contains -- $token ${connectionFlags.join(' ')}
                        set -a connection $token $tokens[1]
                    end
                    set -e tokens[1]
            end
        else
            switch (string trim "$command $token")
                case ${words.map(({ under, word }) => quoted(under === '' ? word : `${under} ${word}`)).join(' ')}
                    set command (string trim "$command $token")
                case '*'
                    test $position = 0; and set first $token
                    set position (math $position + 1)
            end
        end
    end
end

function __kt_at
    set -l command
    set -l position
    set -l first
    set -l connection
    __kt_walk
    test "$command" = "$argv[1]"; and begin
        not set -q argv[2]; or test $position = $argv[2]
    end
end

# No command yet, or only its noun.
function __kt_between
    set -l command
    set -l position
    set -l first
    set -l connection
    __kt_walk
    contains -- "$command" '' ${[...new Set(words.map(({ under }) => under))].filter((each) => each !== '').join(' ')}
end

function __kt_live
    set -l command
    set -l position
    set -l first
    set -l connection
    __kt_walk
    set -l kt (commandline -opc)[1]
    $kt complete $connection $argv[1] $first 2>/dev/null
end

complete -c kt -f
${lines.join('\n')}
`;
}
