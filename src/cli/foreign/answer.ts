/** A line that kt does not understand, but another tool would → kt's line for the same job, made of the words typed. */
import { shellWord } from '../../base/shell-word.ts';
import { find, type Registration } from '../catalog.ts';
import type { Command, Option } from '../define.ts';
import { globalOptions } from '../globals.ts';
import { jobOf } from './jobs.ts';
import type { Draft, Rule, Rules } from './rules.ts';
import { commonRules, rulesFor } from './tables.ts';

/** Options that may stand before any word; true where a value follows. */
const leading: Readonly<Record<string, boolean>> = {
  '-b': true,
  '-B': true,
  '-X': true,
  '--bootstrap-server': true,
  '--bootstrap-servers': true,
  '--broker-list': true,
  '--brokers': true,
  '--command-config': true,
  '--context': true,
  '--profile': true,
  '-q': false,
  '-v': false,
};

/**
 * kt's line for a foreign one.
 * @param accepts whether kt's own parser takes these words: no line is given that kt would refuse
 * @returns where that line cannot be made of the words typed: what to read or to type instead; undefined where no tool that is known would mean this
 */
export async function foreignAnswer(
  list: readonly Registration[],
  argv: readonly string[],
  accepts: (words: readonly string[]) => Promise<boolean>,
): Promise<string | undefined> {
  const typed = withProfile(argv.map(plainOption));
  const words = leadingWords(typed);
  const job = jobOf(list, words, typed);
  if (!job) return undefined;
  if (job.line) return job.line;
  const found = find(list, job.command.split(' '));
  if (found?.kind !== 'command') return undefined;
  const command = await found.registration.load();
  const draft: Draft = { args: [], options: [...(job.options ?? [])], properties: new Map() };
  const read = new Reading(command, { ...rulesFor(job.command), ...job.rules }, draft);
  const isRead = read.all(withoutWords(typed, job.taken));
  if (isRead && job.advice) return job.advice(draft);
  if (isRead && job.finish?.(draft, words) !== false) {
    const line = [...job.command.split(' '), ...draft.args, ...draft.options];
    if (line.join('\0') !== argv.join('\0') && (await accepts(line)))
      return ['kt', ...line.map((word) => shellWord(withoutSecrets(word)))].join(' ');
  }
  return namesCommand(list, words) ? undefined : `kt help ${job.command} shows how kt does it`;
}

/** Whether words are those of a command of kt's, whose own message says more than where to read on. */
function namesCommand(list: readonly Registration[], words: readonly string[]): boolean {
  return words.some((_, at) => find(list, words.slice(0, at + 1))?.kind === 'command');
}

/** Go's flags may have one dash: `-topic x`. */
function plainOption(word: string): string {
  return /^-(topic|offsets|literal|filter|partitions|leaders|replicas|group|reset|brokers|createtopic|deletetopic|pretty|encodevalue|encodekey|compression)(=|$)/.test(
    word,
  )
    ? `-${word}`
    : word;
}

/** kcl's `-C prod topic list` names a profile; kcat's -C has no words behind it but what -t or -G name. */
function withProfile(typed: readonly string[]): readonly string[] {
  const at = typed.indexOf('-C');
  const isMode = typed.some((word) => /^-[tG]/.test(word)) || !/^[\w.]/.test(typed[at + 1] ?? '');
  return at < 0 || isMode ? typed : typed.with(at, '--profile');
}

/** The words before the first option that is not about the connection. */
function leadingWords(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < typed.length; at++) {
    const word = typed[at]!;
    const takesValue = leading[word];
    if (takesValue === true) at++;
    else if (takesValue === undefined && !/^(-b|-X|--[\w-]+=)/.test(word)) {
      if (word.startsWith('-')) break;
      words.push(word);
    }
  }
  return words;
}

/** The line without the first words, which named the job. */
function withoutWords(typed: readonly string[], count: number): readonly string[] {
  let left = count;
  return typed.filter((word, at) => {
    if (left === 0 || word.startsWith('-') || leading[typed[at - 1] ?? ''] === true) return true;
    left--;
    return false;
  });
}

/** Reads the rest of a line by rules, and what no rule knows by the command's own options. */
class Reading {
  readonly #command: Command;
  readonly #rules: Rules;
  readonly #draft: Draft;

  constructor(command: Command, rules: Rules, draft: Draft) {
    this.#command = command;
    this.#rules = rules;
    this.#draft = draft;
  }

  /** Whether all words were understood. */
  all(words: readonly string[]): boolean {
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if (word === '--') {
        this.#draft.args.push(...rest.splice(0));
      } else if (!word.startsWith('-') || word === '-') {
        this.#draft.args.push(word);
      } else if (/^-\d+$/.test(word) && this.#command.name === 'tail') {
        this.#draft.options.push('--last', word.slice(1));
      } else if (!this.#option(word, rest)) {
        return false;
      }
    }
    return true;
  }

  /** Takes an option, and its value from what follows. */
  #option(word: string, rest: string[]): boolean {
    const [, long, inline] = /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = long ?? word.slice(0, 2);
    const joined = long ? inline : word.slice(2) || undefined;
    const rule = this.#rules[name];
    if (rule && this.#byRule(rule, joined, long === undefined, rest)) return true;
    const own = this.#own(name);
    if (!own) {
      const common = commonRules[name];
      return common !== undefined && this.#byRule(common, joined, long === undefined, rest);
    }
    this.#draft.options.push(name);
    if (own.parse) {
      const given = joined ?? rest.shift();
      if (given === undefined) return false;
      this.#draft.options.push(given);
    } else if (joined !== undefined) {
      // -eq is -e and -q.
      if (long) return false;
      rest.unshift(`-${joined}`);
    }
    return true;
  }

  #byRule(rule: Rule, joined: string | undefined, isShort: boolean, rest: string[]): boolean {
    const follows = rest[0] !== undefined && (!rest[0].startsWith('-') || /^-\d/.test(rest[0]));
    if (rule.takes === 'nothing' || (rule.takes === 'maybe' && joined === undefined && !follows)) {
      if (joined !== undefined && joined !== 'true') {
        if (!isShort) return false;
        rest.unshift(`-${joined}`);
      }
      return rule.read('', this.#draft) !== false;
    }
    const given = joined ?? rest[0];
    if (given === undefined || rule.read(given, this.#draft) === false) return false;
    if (joined === undefined) rest.shift();
    return true;
  }

  #own(name: string): Option<unknown> | undefined {
    const all: Option<unknown>[] = Object.values({ ...globalOptions, ...this.#command.options });
    return all.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
  }
}

const secretProperty =
  /^((?:-X|--property=)?[\w.-]*(?:password|secret|token|jaas|user\.info|\.key|header)[\w.-]*=)(?!\$\{).+$/is;

/** Advice is kept in logs and screens: what may be a secret in a word of the command line becomes a place to fill in. */
function withoutSecrets(word: string): string {
  return word.replace(secretProperty, '$1…').replace(/(:\/\/[^/@:\s]*:)(?!\$\{)[^/@\s]+@/g, '$1…@');
}
