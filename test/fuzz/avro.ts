/**
 * Damaged Avro: payloads, texts and schemas made by mutation, in every style. What is read is read back to the same JSON, anything else is
 * refused as it should be, soon and without much memory. `node --import tsx test/fuzz/avro.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { KtError } from '../../src/base/errors.ts';
import { compileAvro, parseAvro } from '../../src/schemas/avro/index.ts';
import type { CompiledSchema } from '../../src/schemas/compiled-schema.ts';
import { SchemaDataError } from '../../src/schemas/data-error.ts';
import { type Json, RandomAvro } from '../support/random-avro.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const styles = [
  { rawLogical: false, avroJson: false },
  { rawLogical: true, avroJson: false },
  { rawLogical: false, avroJson: true },
];
const payloadsPerSchema = 40;
const mostMs = 2000;
const mostBytes = 300_000_000;
const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  'null',
  'true',
  '-',
  '0',
  '1e999',
  '.5',
  '9223372036854775808',
  '"NaN"',
  '\ud800',
  'ä€😀',
  '\\u00e4\\ud83d\\ude00',
  '"string":',
  '"__proto__":',
  '['.repeat(3000),
];

interface Told {
  read: number;
  refused: number;
  /** Schemas of which no data could be read as the other's. */
  unfit: number;
}

type Random = () => number;

function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  const upTo = (count: number): number => Math.floor(random() * count);
  let result = bytes;
  for (let left = upTo(4); left >= 0; left--) {
    const at = upTo(result.length + 1);
    const kind = upTo(5);
    if (kind === 0) result = result.subarray(0, at);
    else if (kind === 1)
      result = Buffer.concat([result.subarray(0, at), Buffer.alloc(upTo(12), 128 + upTo(128)), result.subarray(at)]);
    else if (kind === 2) result = Buffer.concat([result.subarray(0, at), result.subarray(upTo(result.length + 1))]);
    else {
      result = Buffer.from(result);
      if (at < result.length) result[at] = kind === 3 ? upTo(256) : result[at]! ^ (1 << upTo(8));
    }
  }
  return result;
}

function mutatedText(text: string, random: Random): string {
  const upTo = (count: number): number => Math.floor(random() * count);
  let result = text;
  for (let left = upTo(3); left >= 0; left--) {
    const at = upTo(result.length + 1);
    const put = random() < 0.7 ? tokens[upTo(tokens.length)]! : String.fromCharCode(upTo(300));
    result = result.slice(0, at) + (random() < 0.7 ? put : '') + result.slice(at + upTo(random() < 0.2 ? 40 : 3));
  }
  return result;
}

/** What an action gives; undefined if it is refused as it should be. */
function outcome<T>(action: () => T, kind: typeof SchemaDataError | typeof KtError, shown: () => string): T | undefined {
  try {
    return action();
  } catch (error) {
    assert.ok(error instanceof kind, `${shown()}: ${(error as Error).stack}`);
    return undefined;
  }
}

const sink = new ByteSink(1024);

function jsonOf(schema: CompiledSchema, bytes: Buffer): string {
  sink.length = 0;
  schema.writeJson(bytes, 0, bytes.length, sink);
  return sink.buf.toString('utf8', 0, sink.length);
}

/** Whether JSON that was shown may be refused: a decimal of too many digits, a UUID that is none. */
function isPicky(schema: Json): boolean {
  return /"(?:decimal|uuid)"/.test(JSON.stringify(schema));
}

function tryPayload(codec: CompiledSchema, payload: Buffer, isPickyStyle: boolean, told: Told, shown: () => string): void {
  const json = outcome(() => jsonOf(codec, payload), SchemaDataError, shown);
  if (json === undefined) {
    told.refused++;
    return;
  }
  told.read++;
  assert.doesNotThrow(() => JSON.parse(json), shown());
  codec.decode(payload, 0, payload.length);
  const again = isPickyStyle ? outcome(() => codec.encode(json), SchemaDataError, shown) : codec.encode(json);
  if (again !== undefined) assert.equal(jsonOf(codec, again), json, shown());
}

/** A line that stands among others, whose bytes could be taken for its own. */
function encodedLine(codec: CompiledSchema, line: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.from('{"'), line, Buffer.from('"}]}99')]);
  sink.length = 0;
  sink.ascii('before');
  const begin = sink.length;
  try {
    codec.encodeTo!(chunk, 2, 2 + line.length, sink);
  } catch (error) {
    assert.equal(sink.length, begin);
    throw error;
  }
  return Buffer.from(sink.buf.subarray(begin, sink.length));
}

function tryText(codec: CompiledSchema, text: string, shown: () => string): void {
  const bytes = outcome(() => codec.encode(text), SchemaDataError, shown);
  if (text.isWellFormed()) {
    assert.deepEqual(
      outcome(() => encodedLine(codec, Buffer.from(text)), SchemaDataError, shown),
      bytes,
      shown(),
    );
  }
  if (bytes === undefined) return;
  assert.doesNotThrow(() => JSON.parse(text), shown());
  jsonOf(codec, bytes);
}

/** What is no UTF-8 is refused; all else is written as its text is. */
function tryLine(codec: CompiledSchema, line: Buffer, shown: () => string): void {
  const bytes = outcome(() => encodedLine(codec, line), SchemaDataError, shown);
  if (isUtf8(line)) {
    assert.deepEqual(
      outcome(() => codec.encode(line.toString()), SchemaDataError, shown),
      bytes,
      shown(),
    );
  } else assert.equal(bytes, undefined, shown());
}

/** @throws AssertionError for the first payload, text or schema that is neither read nor refused as it should be */
export function fuzzAvro(count: number, seed: number): Told {
  const random = randomOf(seed);
  const told: Told = { read: 0, refused: 0, unfit: 0 };
  let other: Json = 'null';
  for (let done = 0; done < count; ) {
    const start = process.cpuUsage();
    const made = new RandomAvro(random);
    const schema = made.schema();
    const schemaText = JSON.stringify(schema);
    const parsed = parseAvro(schemaText);
    for (const style of styles) {
      const codec = compileAvro(parsed, style);
      const isPickyStyle = !style.rawLogical && !style.avroJson && isPicky(schema);
      for (let index = 0; index < payloadsPerSchema / styles.length; index++, done++) {
        const datum = made.datum(schema);
        const payload =
          random() < 0.1 ? Buffer.from(Array.from({ length: 30 }, () => random() * 256)) : mutatedBytes(datum, random);
        tryPayload(codec, payload, isPickyStyle, told, () => `${schemaText} of ${payload.toString('hex')}`);
        const text = mutatedText(jsonOf(codec, datum), random);
        tryText(codec, text, () => `${schemaText} from ${text}`);
        const line = mutatedBytes(Buffer.from(jsonOf(codec, datum)), random);
        tryLine(codec, line, () => `${schemaText} from ${line.toString('hex')}`);
      }
    }
    const text = mutatedText(schemaText, random);
    outcome(
      () => parseAvro(text, { checksDefaults: true }),
      KtError,
      () => text,
    );
    const reader = parseAvro(JSON.stringify(other));
    const asOther = outcome(
      () => compileAvro(parsed, styles[0]!, { reader }),
      KtError,
      () => `${schemaText} as ${JSON.stringify(other)}`,
    );
    if (asOther) {
      const datum = made.datum(schema);
      outcome(
        () => jsonOf(asOther, datum),
        SchemaDataError,
        () => `${schemaText} as ${JSON.stringify(other)} of ${datum.toString('hex')}`,
      );
    } else told.unfit++;
    other = schema;
    // Not the time on the clock, since the machine may be busy with others.
    const { user } = process.cpuUsage(start);
    assert.ok(user < mostMs * 1000, `${schemaText} took too long`);
  }
  assert.ok(process.memoryUsage().arrayBuffers < mostBytes);
  return told;
}

await runIfStarted(import.meta.filename, 1_000_000, (count, seed) => {
  const { read, refused, unfit } = fuzzAvro(count, seed);
  return `${read} payloads read, ${refused} refused; ${unfit} schemas not read as another`;
});
