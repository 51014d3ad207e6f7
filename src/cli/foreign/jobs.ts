/** Which kt command does what other tools' words and flags ask for. */
import { find, type Registration } from '../catalog.ts';
import { configsJob } from './configs.ts';
import { flagRows } from './flag-rows.ts';
import type { Job } from './job.ts';
import { kcatJob } from './kcat.ts';
import { byVerb } from './verbs.ts';
import { lackFor } from './without.ts';
import { wordRows } from './word-rows.ts';

/** How many words of a line a pattern takes: all of its own, from the first. */
function takenBy(pattern: string, words: readonly string[]): number {
  const match = new RegExp(`^(?:${pattern})(?= |$)`).exec(words.join(' '));
  return match ? match[0].split(' ').length : 0;
}

/** The job of a line: what the rows say, else the kt command that the words name. */
export function jobOf(list: readonly Registration[], typed: readonly string[], line: readonly string[]): Job | undefined {
  const options = line.filter((word) => word.startsWith('-'));
  const flags = new Set(options.flatMap((word) => [word.split('=')[0]!, word.slice(0, 2)]));
  const { words, stripped } = withoutTool(typed);
  if (line.length === 1 && flags.has('-V')) return { taken: 0, command: '', line: 'kt --version' };
  const lack = lackFor(words);
  if (lack !== undefined) return { taken: 0, command: '', line: lack };
  const special = configsJob(words, line) ?? kcatJob(words, flags);
  if (special) return { ...special, taken: special.taken + stripped };
  for (const [pattern, flag, command, more] of [...flagRows, ...wordRows]) {
    const taken = takenBy(pattern, words);
    if (taken > 0 && (flag === '' || flags.has(flag))) return { taken: taken + stripped, command, ...more };
  }
  // kaf topics
  const noun = stripped > 0 && words.length === 1 ? find(list, words) : undefined;
  if (noun?.kind === 'group' && find(list, [...words, 'list'])) return { taken: 2, command: `${noun.name} list` };
  for (let taken = words.length; taken > 0; taken--) {
    const found = find(list, words.slice(0, taken));
    if (found?.kind === 'command') return { taken: taken + stripped, command: found.registration.name };
    // kt topics help
    if (found?.kind === 'group' && words[taken] === 'help' && typed.length === taken + 1)
      return { taken, command: '', line: `kt help ${found.name}` };
  }
  const meant = byVerb(list, words);
  return meant === undefined ? undefined : { taken: 2 + stripped, command: meant };
}

/** The words without a tool's name: `kafka-topics.sh --list` names the script's noun, `kcl topic list` only the tool. */
function withoutTool(typed: readonly string[]): { readonly words: readonly string[]; readonly stripped: number } {
  const [first = '', ...rest] = typed;
  const script = /^(?:.*\/)?kafka-([\w-]+?)(?:\.sh|\.bat)?$/.exec(first)?.[1];
  if (script) return { words: [script, ...rest], stripped: 0 };
  if (/^(?:kcat|kafkacat|kcl|kaf|kafkactl|rpk)$/.test(first)) return { words: rest, stripped: 1 };
  return { words: typed, stripped: 0 };
}
