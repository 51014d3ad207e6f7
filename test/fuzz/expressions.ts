/**
 * Expressions made at random, from a grammar and by mutation: each is refused with a `usage` error or evaluated, within a second, and
 * reaches nothing but the record. `node --import tsx test/fuzz/expressions.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { KtError } from '../../src/base/errors.ts';
import { jsonValue } from '../../src/base/json/exact-json.ts';
import { compileExpression } from '../../src/records/expression/compile.ts';
import { isForRecord } from '../../src/records/expression/failure.ts';
import { functions } from '../../src/records/expression/functions.ts';
import { methods } from '../../src/records/expression/methods.ts';
import type { RecordScope } from '../../src/records/expression/scope.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';
import { RegexGrammar } from './regex.ts';

const reach = [
  'process',
  'globalThis',
  'Function',
  'eval',
  'require',
  'Bun',
  'fetch',
  'console',
  'scope',
  'runtime',
  'patterns',
  'work',
  'calls',
];
const names = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp', 'x', 'undefined', 'NaN', ...reach];
const fields = [
  'id',
  'items',
  'name',
  'tags',
  'none',
  'constructor',
  '__proto__',
  'prototype',
  'length',
  'toString',
  'then',
  'isPattern',
];
const binary = '+ - * / % ** & | ^ << >> >>> == != === !== < <= > >= && || ?? in instanceof , = +='.split(' ');
const literals = [
  '0',
  '1',
  '-1',
  '2.5',
  '1e9',
  '1e308',
  '9007199254740993',
  '10n',
  '"a"',
  "'b'",
  '`t$' + '{key}`',
  '/a+/g',
  '/(a|aa)+$/',
  'null',
  'true',
  '[]',
  '{}',
  '""',
];

class Grammar {
  readonly #random: () => number;
  readonly #regexes: RegexGrammar;

  constructor(random: () => number) {
    this.#random = random;
    this.#regexes = new RegexGrammar(random);
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  expression(depth: number): string {
    const kind = depth <= 0 ? Math.floor(this.#random() * 2) : Math.floor(this.#random() * 15);
    const inner = (): string => this.expression(depth - 1);
    switch (kind) {
      case 0:
        return this.of(names);
      case 1:
        return this.of(literals);
      case 2:
      case 3:
        return `(${inner()} ${this.of(binary)} ${inner()})`;
      case 4:
        return `${inner()}${this.of(['.', '?.'])}${this.of(fields)}`;
      case 5:
        return `${inner()}[${inner()}]`;
      case 6:
        return `${inner()}.${this.of(Object.keys(methods))}(${inner()}, ${inner()})`;
      case 7:
        return `${inner()}.${this.of(['map', 'filter', 'some', 'reduce', 'flatMap', 'sort'])}(x => ${inner()})`;
      case 8:
        return `${this.of(Object.keys(functions))}(${inner()})`;
      case 9:
        return `${this.of(['!', '-', '+', '~', 'typeof ', 'void ', 'delete ', 'new ', '...', 'await '])}${inner()}`;
      case 10:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 11:
        return this.of([
          `[${inner()}, ...${inner()}]`,
          `{a: ${inner()}, [${inner()}]: ${inner()}, ...${inner()}}`,
          `\`\${${inner()}}\``,
        ]);
      case 12:
        return this.#regex();
      case 13:
        return this.of([
          `${inner()}.${this.of(['match', 'replace', 'replaceAll', 'search', 'split'])}(${this.#regex()}, ${inner()})`,
          `${this.#regex()}.${this.of(['test', 'exec'])}(${inner()})`,
          `(${inner()}).repeat(${Math.floor(this.#random() * 3_000)}).${this.of(['match', 'split'])}(${this.#regex()})`,
        ]);
      default:
        return `${inner()}(${inner()})`;
    }
  }

  #regex(): string {
    const flags = this.of(['', '', 'g', 'i', 'gs', 'u', 'gm', 'v']);
    return `/${this.#regexes.source(flags)}/${flags}`;
  }

  mutated(text: string): string {
    const at = Math.floor(this.#random() * (text.length + 1));
    const pieces = ['(', ')', '{', '}', '=', '=>', ';', '\\', '\u0000', '"', '`', '//', '/*', 'return ', 'é', '\n', ...names];
    return this.#random() < 0.5 ? text.slice(0, at) + this.of(pieces) + text.slice(at) : text.slice(0, at) + text.slice(at + 1);
  }
}

const values = [
  jsonValue(
    '{"id":9007199254740993,"items":[{"id":1},{"id":2}],"name":"Ann","tags":["a","b"],"none":null,"__proto__":{"polluted":1}}',
  ),
  jsonValue('[1,[2,[3,"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"]],null]'),
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab',
  null,
  -1.5,
];

/** @returns how many were compiled and how many refused */
export async function fuzzExpressions(count: number, seed: number): Promise<{ compiled: number; refused: number }> {
  const random = randomOf(seed);
  const grammar = new Grammar(random);
  const told = { compiled: 0, refused: 0 };
  const globals = Object.getOwnPropertyNames(globalThis).sort().join();
  const prototypes = [Object, Array, String, Function]
    .map(({ prototype }) => Object.getOwnPropertyNames(prototype).join())
    .join();
  let source = 'value.id === 1';
  for (let index = 0; index < count; index++) {
    source = random() < 0.7 ? grammar.expression(4) : grammar.mutated(source);
    if (source.length > 2_000) source = 'key';
    const start = process.cpuUsage().user;
    try {
      const { evaluate } = await compileExpression('--where', source);
      told.compiled++;
      const value = values[index % values.length];
      const scope: RecordScope = {
        key: 'user-1',
        value,
        headers: { type: 'a' },
        topic: 't',
        partition: 0,
        offset: 1,
        timestamp: 2,
      };
      const result = evaluate(scope);
      assert.ok(
        typeof result !== 'function' && result !== globalThis && result !== process,
        `${source} reached ${String(result)}`,
      );
    } catch (error) {
      if (error instanceof KtError) {
        assert.equal(error.kind, 'usage', source);
        told.refused++;
      } else assert.ok(isForRecord(error), `${source}: ${error}`);
    }
    assert.ok(process.cpuUsage().user - start < 1_000_000, `${source} took more than a second of processor time`);
  }
  assert.equal(Object.getOwnPropertyNames(globalThis).sort().join(), globals);
  assert.equal(
    [Object, Array, String, Function].map(({ prototype }) => Object.getOwnPropertyNames(prototype).join()).join(),
    prototypes,
  );
  return told;
}

await runIfStarted(import.meta.filename, 1_000_000, async (count, seed) => {
  const { compiled, refused } = await fuzzExpressions(count, seed);
  return `${compiled} compiled, ${refused} refused of ${count}`;
});
