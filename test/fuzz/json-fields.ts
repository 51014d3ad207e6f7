/**
 * JSON made at random, sound and damaged, and expressions that read fields of it: what is read from the bytes is what the whole value would
 * give. `node --import tsx test/fuzz/json-fields.ts [COUNT] [SEED]`, and the same with bun.
 */
import assert from 'node:assert/strict';
import type { RecordView } from '../../src/kafka/batch/record.ts';
import { type CompiledExpression, compileExpression } from '../../src/records/expression/compile.ts';
import { RecordFields } from '../../src/records/expression/record-fields.ts';
import type { RecordScope } from '../../src/records/expression/scope.ts';
import { jsonText } from '../../src/records/expression/values.ts';
import { makeSerde } from '../../src/records/serde/json.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const names = [
  'a',
  'b',
  'user',
  'amount',
  'länge',
  'x y',
  '',
  'length',
  '0',
  '__proto__',
  'constructor',
  'toString',
  'k\ufffd',
  'q"\\\n',
];
const texts = [
  '',
  'a',
  'DE',
  'Émile',
  '\ufeffb',
  '\ufffd',
  '😀 and more than one word',
  'q"\\\n/',
  'x'.repeat(70),
  '1234567890123456',
  '\u2028',
];
const rawTexts = ['"\\ud800"', '"\\ud83d\\ude00"', '"\\/\\b\\f\\u0000"', '"\\u0061"'];
const numbers =
  '0 -0 1 -1 7.25 0.1 -0.0 150.50 1e3 1E-7 1e400 -1e400 5e-324 123456789012345 1234567890123456 9007199254740993 -9223372036854775808 18446744073709551616 123456789.123456789 0.30000000000000004 1.0 100000000000000000000000 0.0000001 4.35'.split(
    ' ',
  );
const damages = [
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\n',
  '\\',
  '\\u12',
  '0',
  '01',
  '-',
  '.',
  'e',
  'nul',
  'true',
  '\t',
  '\0',
  '\u00a0',
  '\ufeff',
  '{"a":1}',
  ',"a":2',
  '\x7f',
];
const rawDamages = [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0xaf]];

/** Makes JSON at random, and what reads it. */
export class JsonMaker {
  readonly random: () => number;
  #blanks = '';

  constructor(random: () => number) {
    this.random = random;
  }

  upTo(count: number): number {
    return Math.floor(this.random() * count);
  }

  of<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)]!;
  }

  /** A JSON text. */
  document(): string {
    this.#blanks = this.of(['', '', ' ', '\n  ']);
    const kind = this.upTo(20);
    if (kind === 0) return this.scalar();
    if (kind === 1) return this.list(2);
    return `${this.of(['', '', ' ', '\r\n\t'])}${kind === 2 ? this.deep() : this.object(3)}${this.of(['', '', '\n'])}`;
  }

  object(depth: number): string {
    const gap = this.#blanks;
    const members = Array.from(
      { length: this.upTo(7) },
      () => `${gap}${this.name()}${this.of(['', gap])}:${gap}${this.value(depth - 1)}`,
    );
    return `{${members.join(',')}${gap}}`;
  }

  list(depth: number): string {
    return `[${this.#blanks}${Array.from({ length: this.upTo(4) }, () => this.value(depth - 1)).join(`,${this.#blanks}`)}]`;
  }

  value(depth: number): string {
    const kind = depth <= 0 ? 0 : this.upTo(10);
    return kind < 4 ? this.scalar() : kind < 8 ? this.object(depth) : this.list(depth);
  }

  name(): string {
    return this.escaped(JSON.stringify(this.of(names)));
  }

  scalar(): string {
    const kind = this.upTo(10);
    if (kind < 4) return this.of(numbers);
    if (kind < 5) return this.of(['true', 'false', 'null']);
    if (kind < 6) return this.of(rawTexts);
    return this.escaped(JSON.stringify(this.of(texts)));
  }

  /** Now and then with a letter as its escape. */
  escaped(text: string): string {
    if (this.random() < 0.9) return text;
    return text.replace(/(?<!\\)[a-zé]/, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }

  deep(): string {
    const depth = this.of([150, 199, 200, 201, 250]);
    return this.of([
      `{"a":1,"b":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      `{"a":1,"user":${'{"a":'.repeat(depth)}2${'}'.repeat(depth)}}`,
    ]);
  }

  /** Much the same text, as the next record of a topic: other scalars, and now and then an object in a list or out of it. */
  similar(text: string): string {
    if (this.random() < 0.1)
      return text.replace(/(?<=:\s*)\{[^{}]*\}(?!\])/, (object) => this.of([`[${object}]`, `[[${object}]]`]));
    if (this.random() < 0.1) return text.replace(/(?<=:\s*)\[+(\{[^{}]*\})\]+/, '$1');
    const scalar = /(?<=:\s*)(?:-?\d[\d.eE+-]*|"(?:[^"\\]|\\.)*"|true|false|null)(?=\s*[,}])/g;
    return text.replace(scalar, (old) => (this.random() < 0.5 ? old : this.scalar()));
  }

  damaged(bytes: Buffer): Buffer {
    const at = this.upTo(bytes.length + 1);
    const put = this.random() < 0.3 ? Buffer.from(this.of(rawDamages)) : Buffer.from(this.of(damages));
    return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + this.upTo(3))]);
  }

  path(): string {
    return `value${Array.from({ length: 1 + this.upTo(3) }, () => this.step()).join('')}`;
  }

  step(): string {
    const name = this.of(names);
    return /^[a-z_ä]+$/i.test(name) && this.random() < 0.7 ? `${this.of(['.', '?.'])}${name}` : `[${JSON.stringify(name)}]`;
  }

  expression(depth: number): string {
    const inner = (): string => this.expression(depth - 1);
    const kind = depth <= 0 ? 0 : this.upTo(14);
    if (kind < 5) return this.path();
    return this.of([
      () => `(${inner()} ${this.of(['===', '!==', '<', '>=', '+', '-', '*', '&&', '||', '??'])} ${inner()})`,
      () => `[${inner()}, ${inner()}, ${inner()}]`,
      () => `{p: ${inner()}, q: ${inner()}}`,
      () => `typeof ${inner()}`,
      () =>
        `${inner()}.${this.of(['trim()', 'toString()', 'includes("a")', 'length', 'at(0)', 'map(x => [x, value.a])', 'some(value => value.a)'])}`,
      () => `${inner()}[${this.of(['0', '"a"', inner()])}]`,
      () => `\`\${${inner()}}\``,
      () => `Object.entries(${inner()})`,
      () => `(${inner()} ? ${inner()} : key)`,
      () => this.of(['(1)', '"DE"', '(9007199254740993)', 'null', 'value', 'key']),
    ])();
  }
}

function outcome(expression: CompiledExpression, scope: RecordScope): unknown {
  try {
    return expression.evaluate(scope);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** @returns on how many values fields were read from the bytes, and on how many from the whole value */
export async function fuzzJsonFields(count: number, seed: number): Promise<{ fromBytes: number; fromWhole: number }> {
  const maker = new JsonMaker(randomOf(seed));
  const value = makeSerde();
  const key = { ...value, decode: () => 'k' };
  const told = { fromBytes: 0, fromWhole: 0 };
  for (let stream = 0; stream * 50 < count; stream++) {
    const expressions = await Promise.all([1, 2].map(() => compileExpression('--where', maker.expression(3))));
    let decoded = false;
    const decode = (bytes: Buffer, start: number, end: number): unknown => {
      decoded = true;
      return value.decode(bytes, start, end);
    };
    const fields = new RecordFields({ key, value: { ...value, decode } });
    let text = maker.document();
    for (let record = 0; record < 50; record++) {
      text = maker.random() < 0.7 ? maker.similar(text) : maker.document();
      let bytes: Buffer = Buffer.from(text);
      for (let left = maker.random() < 0.3 ? 1 + maker.upTo(2) : 0; left > 0; left--) bytes = maker.damaged(bytes);
      const around = Buffer.from(maker.of(['', '"}', ',"a":1}', '}', '5', ']']));
      const all = Buffer.concat([around, bytes, around]);
      const [start, end] = [around.length, around.length + bytes.length];
      const whole = { key: 'k', value: value.decode(bytes, 0, bytes.length) } as unknown as RecordScope;
      fields.at({ bytes: all, keyStart: 0, keyEnd: 0, valueStart: start, valueEnd: end } as RecordView);
      decoded = false;
      for (const expression of expressions) {
        const [found, wanted] = [outcome(expression, fields), outcome(expression, whole)];
        const shown = `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`;
        assert.deepStrictEqual(found, wanted, shown);
        assert.equal(jsonText(found), jsonText(wanted), shown);
      }
      told[decoded ? 'fromWhole' : 'fromBytes']++;
    }
  }
  return told;
}

await runIfStarted(import.meta.filename, 1_000_000, async (count, seed) => {
  const { fromBytes, fromWhole } = await fuzzJsonFields(count, seed);
  return `${fromBytes} read from the bytes, ${fromWhole} from the whole value`;
});
