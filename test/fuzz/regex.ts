/**
 * Regular expressions and texts made at random: kt finds what the runtime's own engine finds, with the same groups, and on long texts what
 * V8's experimental engine finds, which never goes back. Texts as long as the runtime's engine is trusted with are fast with it, and none
 * is missed. Runs on Bun too. `node --import tsx test/fuzz/regex.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { limitsOf } from '../../src/base/regex/cost.ts';
import { LinearRegExp } from '../../src/base/regex/linear.ts';
import { NoProgram } from '../../src/base/regex/program.ts';
import { Regex } from '../../src/base/regex/regex.ts';
import { parseRegex } from '../../src/base/regex/syntax.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const characters = ['a', 'b', 'a', 'b', 'a', 'x', '-', '\n', '1', ' ', 'A'];
const rare = ['é', '\u{1f600}', '\ud83d', '\u2028', 'ſ', '\u212a', 'İ', 'ß'];
const sets = [
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '[a-z]',
  '\\W',
  '\\D',
  '\\S',
  '[\\w-]',
  '[^\\s"]',
  '\\x41',
  '\\n',
  'é',
  '[é-ü]',
];
const repeats = ['*', '+', '?', '{2}', '{0,2}', '{1,3}', '{2,}', '{0}', '{0,}', '{1,40}'];

export class RegexGrammar {
  readonly #random: () => number;
  #names = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  source(flags: string): string {
    this.#names = 0;
    return this.#part(4, /[uv]/.test(flags));
  }

  text(most: number): string {
    const length = Math.floor(this.#random() * most);
    return Array.from({ length }, () => this.of(this.#random() < 0.9 ? characters : rare)).join('');
  }

  #part(depth: number, isUnicode: boolean): string {
    const inner = (): string => this.#part(depth - 1, isUnicode);
    switch (Math.floor(this.#random() * (depth <= 0 ? 3 : 13))) {
      case 0:
      case 1:
        return this.of(['a', 'b', 'ab', 'x', '-', 'A', 'ba']);
      case 2:
        return this.of(isUnicode ? [...sets, '\\u{1f600}', '[a😀]', '\\p{L}', '\\P{Lu}'] : [...sets, '\\ud83d', '[^]']);
      case 3:
      case 4:
        return inner() + inner();
      case 5:
        return `(?:${inner()}|${inner()})`;
      case 6:
        return `(${inner()}|${inner()}|)`;
      case 7:
        return `(${inner()})`;
      case 8:
      case 9:
        return `(${this.of(['?:', '', `?<n${this.#names++}>`])}${inner()})${this.of(repeats)}${this.of(['', '', '?'])}`;
      case 10:
        return this.of(['^', '$', '\\b', '\\B']);
      case 11:
        return `${this.of(sets)}${this.of(repeats)}${this.of(['', '', '?'])}`;
      default:
        return `(${this.of(['?=', '?!', '?<=', '?<!'])}${inner()})`;
    }
  }
}

/** Where Node 20 itself is wrong: empty matches inside of a character of two units, and negated classes with `v`. */
function isDoubtful(source: string, flags: string, text: string): boolean {
  if (flags.includes('v') && /\[\^/.test(source)) return true;
  return /[uv]/.test(flags) && /[\ud800-\udfff]/.test(text) && /\\B|\(\?[=!<]|\*|\?|\{0/.test(source);
}

function compare(source: string, flags: string, text: string): void {
  const native = new RegExp(source, flags);
  const linear = new LinearRegExp(source, flags);
  const shown = `/${source}/${flags} on ${JSON.stringify(text)}`;
  if (isDoubtful(source, flags, text)) return;
  assert.equal(linear.test(text), native.test(text), shown);
  try {
    const [found, wanted] = [linear.exec(text), native.exec(text)];
    assert.deepEqual(found && { ...found }, wanted && { ...wanted }, shown);
    const [all, wantedAll] = [new LinearRegExp(source, `${flags}g`), new RegExp(source, `${flags}g`)];
    assert.deepEqual(text.match(all), text.match(wantedAll), shown);
    assert.equal(text.replace(all, '<$&$1>'), text.replace(wantedAll, '<$&$1>'), shown);
    assert.equal(text.search(linear), text.search(native), shown);
    assert.deepEqual(text.split(all), text.split(wantedAll), `split ${shown}`);
  } catch (error) {
    if (!(error instanceof NoProgram)) throw error;
  }
}

/** Asserts that processor time stays within a second. */
function quick<T>(shown: string, work: () => T): T {
  const start = process.cpuUsage().user;
  const result = work();
  const took = process.cpuUsage().user - start;
  assert.ok(took < 1_000_000, `${shown} took ${took / 1e6} s of processor time`);
  return result;
}

/** A text of about this length that repeats a piece, with another end. */
function repeated(grammar: RegexGrammar, length: number): string {
  const piece = `${grammar.text(4)}a`;
  return piece.repeat(length / piece.length) + grammar.text(3);
}

/** The longest text that is left to the runtime's engine. */
function compareAtLimit(source: string, flags: string, grammar: RegexGrammar): void {
  const longest = Math.min(limitsOf(parseRegex(source, flags)).safe, 30_000);
  const text = repeated(grammar, longest).slice(0, longest);
  if (isDoubtful(source, flags, text)) return;
  const shown = `/${source}/${flags} on ${text.length} characters such as ${JSON.stringify(text.slice(-8))}`;
  const found = quick(shown, () => new RegExp(source, flags).test(text));
  assert.equal(found, new LinearRegExp(source, flags).test(text), shown);
}

/** @returns how many were compared, and how many of them on a long text */
export function fuzzRegexes(count: number, seed: number): { short: number; long: number } {
  // Its flag is `l`.
  setFlagsFromString('--enable-experimental-regexp-engine');
  const random = randomOf(seed);
  const grammar = new RegexGrammar(random);
  const told = { short: 0, long: 0 };
  for (let index = 0; index < count; index++) {
    const flags = grammar.of(['', '', '', 'i', 's', 'm', 'u', 'iu', 'ims', 'v', 'iv']);
    const source = grammar.source(flags);
    if (isBeyond(source, flags)) continue;
    told.short++;
    for (let text = 0; text < 3; text++) compare(source, flags, grammar.text(14));
    if (index % 10 === 0) compareAtLimit(source, flags, grammar);
    const oracle = otherEngine(source, flags);
    if (!oracle) continue;
    told.long++;
    const text = repeated(grammar, 2_000 * random());
    const shown = `/${source}/${flags} on ${text.length} characters such as ${JSON.stringify(text.slice(-8))}`;
    const found = quick(shown, () => new Regex(source, flags).test(text));
    assert.equal(found, oracle.test(text), shown);
  }
  return told;
}

/** What the runtime or kt refuses. */
function isBeyond(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    new LinearRegExp(source, flags);
    return false;
  } catch (error) {
    assert.ok(error instanceof SyntaxError || error instanceof NoProgram, `/${source}/${flags}: ${error}`);
    return true;
  }
}

/** V8's engine without going back; it knows no lookarounds, no `u` and no `i`. */
function otherEngine(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, `${flags}l`);
  } catch {
    return undefined;
  }
}

await runIfStarted(import.meta.filename, 200_000, (count, seed) => {
  const { short, long } = fuzzRegexes(count, seed);
  return `${short} compared of ${count}, ${long} of them on long texts too`;
});
