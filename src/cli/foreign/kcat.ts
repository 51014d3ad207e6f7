/** kcat, which has no words, only a letter for each of its modes. */
import { shellWord } from '../../base/shell-word.ts';
import { producerProperty, readerProperty } from './client-properties.ts';
import type { Job } from './job.ts';
import { formats, fromStart } from './reading.ts';
import { argument, type Draft, flagged, gone, goneWith, named, type Rules, value } from './rules.ts';

const kcatReads: Rules = {
  '-C': gone,
  '-X': readerProperty,
  '-Q': gone,
  '-D': value((text, { options }) => options.push('-f', `%v${text}`)),
  '-K': value((text, { options }) => options.push('-f', `%k${text}%v\\n`)),
  '-f': value((text, { options }) => options.push('-f', text)),
  '-F': named('--command-config'),
  '-r': named('--registry'),
  '-G': value((text, { options }) => options.push('--group', text, '--commit')),
  '-T': { takes: 'nothing', read: () => false },
  '-s': value((text, { options }) => {
    const [, field, pack] = /^(?:(key|value)=)?(.*)$/.exec(text)!;
    const format = formats[pack!.split(' ')[0]!];
    if (format === undefined) return false;
    return options.push(...(field ? [field] : ['key', 'value']).flatMap((each) => [`--${each}-format`, format]));
  }),
  '-d': goneWith,
  '-m': value((text, { options }) => options.push('--timeout', `${text}s`)),
};

const kcatWrites: Rules = {
  '-P': gone,
  '-X': producerProperty,
  '-F': named('--command-config'),
  '-l': gone,
  '-D': named('--record-separator'),
  '-p': named('--partition'),
  '-z': named('--compression'),
  '-Z': flagged('-Z', ''),
  '-d': goneWith,
};

/** kcat has no words, only a letter for each of its modes. */
export function kcatJob(words: readonly string[], flags: ReadonlySet<string>): Job | undefined {
  const has = (...letters: string[]) => letters.some((letter) => flags.has(letter));
  if (words.length > 0 && !has('-G', '-P')) return undefined;
  if (words.length > 0 && has('-t') && !has('-P')) return undefined;
  if (has('-L'))
    return { taken: 0, command: 'topics describe', rules: { '-L': gone, '-t': argument, '-J': flagged('-o', 'json') } };
  if (has('-M'))
    return { taken: 0, command: 'local up', rules: { '-M': value((text, { options }) => options.push('--brokers', text)) } };
  if (has('-Q')) return { taken: 0, command: 'topics offsets', rules: { '-Q': gone, '-t': queried }, advice: offsetLines };
  if (has('-P') || (has('-t') && has('-z', '-l', '-H', '-Z') && !has('-C')))
    return { taken: 0, command: 'produce', rules: kcatWrites, finish: (draft) => fileInput(draft, has('-l')) };
  if (has('-C', '-G', '-t')) return { taken: 0, command: 'tail', rules: kcatReads, finish: fromStart };
  return undefined;
}

/** `topic:partition:timestamp`: the partition, and the position as kt has it. */
const queried = value((text, { args, properties }) => {
  const [, partition, time] = /^([^:]+:\d+):(-?\d+)$/.exec(text) ?? [];
  if (partition === undefined) return false;
  args.push(partition);
  properties.set(partition, { '-1': 'end', '-2': 'beginning' }[time!] ?? `@${time}`);
  return true;
});

/** A line for each time: kt asks for one at once. */
function offsetLines({ args, options, properties }: Draft): string {
  const lines = [...new Set(properties.values())].map((at) => {
    const partitions = args.filter((partition) => properties.get(partition) === at);
    return ['kt', 'topics', 'offsets', ...partitions, '--at', at, ...options].map(shellWord).join(' ');
  });
  return lines.join('; ');
}

/** A file of kcat's is one record, or with -l its lines are. */
function fileInput({ args, options }: Draft, lines: boolean): boolean {
  const [file, ...more] = args.splice(1);
  if (more.length > 0) return false;
  if (file !== undefined) options.push(...(lines ? [] : ['-i', 'raw']), '--file', file);
  return true;
}
