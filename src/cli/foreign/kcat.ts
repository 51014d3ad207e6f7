/** kcat, which has no words, only a letter for each of its modes. */
import type { Job } from './job.ts';
import { formats, fromStart } from './reading.ts';
import { argument, type Draft, flagged, gone, goneWith, named, type Rules, value } from './rules.ts';

const kcatReads: Rules = {
  '-C': gone,
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
  if (has('-Q')) return { taken: 0, command: 'topics offsets', rules: { '-Q': gone, '-t': queried } };
  if (has('-P') || (has('-t') && has('-z', '-l', '-H', '-Z') && !has('-C')))
    return { taken: 0, command: 'produce', rules: kcatWrites, finish: (draft) => fileInput(draft, has('-l')) };
  if (has('-C', '-G', '-t')) return { taken: 0, command: 'tail', rules: kcatReads, finish: fromStart };
  return undefined;
}

/** `topic:partition:timestamp`; kt asks for one time at once. */
const queried = value((text, { args, options }) => {
  const [, partition, time] = /^([^:]+:\d+):(-?\d+)$/.exec(text) ?? [];
  if (partition === undefined) return false;
  const at = { '-1': 'end', '-2': 'beginning' }[time!] ?? `@${time}`;
  const before = options.indexOf('--at');
  if (before >= 0 && options[before + 1] !== at) return false;
  args.push(partition);
  return before >= 0 || options.push('--at', at);
});

/** A file of kcat's is one record, or with -l its lines are. */
function fileInput({ args, options }: Draft, lines: boolean): boolean {
  const [file, ...more] = args.splice(1);
  if (more.length > 0) return false;
  if (file !== undefined) options.push(...(lines ? [] : ['-i', 'raw']), '--file', file);
  return true;
}
