/**
 * Damaged Protobuf: payloads, JSON and .proto files made by mutation. What is read is read back to the same JSON, anything else is refused as it
 * should be, soon and without much memory. `node --import tsx test/fuzz/protobuf.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { KtError } from '../../src/base/errors.ts';
import type { CompiledSchema } from '../../src/schemas/compiled-schema.ts';
import { SchemaDataError } from '../../src/schemas/data-error.ts';
import { readProtobuf } from '../../src/schemas/protobuf/schema.ts';
import { randomMessage } from '../support/protobuf/random-message.ts';
import { below, pick, type Random, type RandomSchema, randomSchema } from '../support/protobuf/random-schema.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

const payloadsPerSchema = 200;
/** Making a message takes longer than damaging it. */
const payloadsPerMessage = 10;
const mostMs = 2000;
const mostBytes = 300_000_000;
const jsonTokens: readonly string[] = [
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
  '18446744073709551616',
  '"NaN"',
  '\ud800',
  '{}',
];
const protoTokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ';',
  '=',
  '<',
  '>',
  '.',
  '(',
  ')',
  '/*',
  '//',
  '-1',
  '0x',
  '1e9',
  'message',
  'oneof x',
  'map<',
];
const edgeBytes = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x08, 0x12, 0x0b, 0x0c];

interface Counts {
  read: number;
  refused: number;
}

/** @throws AssertionError that names the seed */
export async function fuzzProtobuf(count: number, seed: number): Promise<Counts> {
  const random = randomOf(seed);
  const counts: Counts = { read: 0, refused: 0 };
  for (let left = count; left > 0; left -= payloadsPerSchema) {
    const schema = randomSchema(random);
    await tryDamagedSchema(random, schema);
    const read = await readProtobuf('random.proto', schema.text, () => undefined);
    for (let messages = payloadsPerSchema / payloadsPerMessage; messages > 0; messages--) {
      const desc = pick(random, schema.messages);
      const bytes = Buffer.from(randomMessage(random, desc, schema.registry, { isOdd: random() < 0.5 }));
      const compiled = read.compile(desc.typeName);
      for (let payload = 0; payload < payloadsPerMessage; payload++) {
        const damaged = damagedBytes(random, bytes);
        check(compiled, damaged, random, counts, `seed ${seed}: ${desc.typeName} ${damaged.toString('hex')}\n${schema.text}`);
      }
    }
  }
  return counts;
}

function check(compiled: CompiledSchema, bytes: Buffer, random: Random, counts: Counts, what: string): void {
  const start = process.cpuUsage();
  try {
    const json = unlessRefused(() => jsonOf(compiled, bytes));
    // What expressions see is there exactly when JSON is.
    assert.equal(unlessRefused(() => compiled.decode(bytes, 0, bytes.length)) === undefined, json === undefined);
    if (json === undefined) counts.refused++;
    else {
      counts.read++;
      const isLossy = compiled.isLossy;
      const again = jsonOf(compiled, compiled.encode(json));
      if (!isLossy) assert.equal(again, json);
      const text = Buffer.from(damagedText(random, json, jsonTokens)).toString();
      const written = unlessRefused(() => compiled.encode(text));
      assert.deepEqual(
        unlessRefused(() => encodedLine(compiled, Buffer.from(text))),
        written,
      );
      unlessRefused(() => encodedLine(compiled, damagedBytes(random, Buffer.from(json))));
    }
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < mostMs * 1000, `${user + system} µs`);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${what}`, { cause: error });
  }
}

/** The bytes for a line that stands among others. */
function encodedLine(compiled: CompiledSchema, line: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.from('{"'), line, Buffer.from('"}')]);
  const sink = new ByteSink(8);
  sink.ascii('x');
  try {
    compiled.encodeTo!(chunk, 2, 2 + line.length, sink);
  } catch (error) {
    assert.equal(sink.length, 1, 'the sink is as it was');
    throw error;
  }
  assert.ok(isUtf8(line));
  return Buffer.from(sink.buf.subarray(1, sink.length));
}

function jsonOf(compiled: CompiledSchema, bytes: Buffer): string {
  const sink = new ByteSink(64);
  sink.ascii('x');
  try {
    compiled.writeJson(bytes, 0, bytes.length, sink);
  } catch (error) {
    assert.equal(sink.length, 1, 'the sink is as it was');
    throw error;
  }
  const text = sink.buf.toString('utf8', 1, sink.length);
  JSON.parse(text);
  return text;
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SchemaDataError) return undefined;
    throw error;
  }
}

async function tryDamagedSchema(random: Random, { text, descriptor }: RandomSchema): Promise<void> {
  const bytes = damagedBytes(random, Buffer.from(descriptor, 'base64')).toString('base64');
  for (const damaged of [damagedText(random, text, protoTokens), bytes]) {
    try {
      (await readProtobuf('random.proto', damaged, () => undefined)).compile();
    } catch (error) {
      if (!(error instanceof KtError && error.kind === 'usage')) throw new Error(damaged, { cause: error });
    }
  }
}

function damagedBytes(random: Random, bytes: Buffer): Buffer {
  let damaged = bytes;
  for (let changes = below(random, 4); changes > 0; changes--) {
    const at = below(random, damaged.length + 1);
    const kind = random();
    const byte = Buffer.from([random() < 0.5 ? pick(random, edgeBytes) : below(random, 256)]);
    if (kind < 0.4) damaged = Buffer.concat([damaged.subarray(0, at), byte, damaged.subarray(at + 1)]);
    else if (kind < 0.6) damaged = Buffer.concat([damaged.subarray(0, at), byte, damaged.subarray(at)]);
    else if (kind < 0.8) damaged = damaged.subarray(0, at);
    else damaged = Buffer.concat([damaged, damaged.subarray(at)]);
  }
  return damaged;
}

function damagedText(random: Random, text: string, tokens: readonly string[]): string {
  let damaged = text;
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const at = below(random, damaged.length + 1);
    const removed = random() < 0.5 ? 0 : below(random, 4);
    damaged = damaged.slice(0, at) + (random() < 0.7 ? pick(random, tokens) : '') + damaged.slice(at + removed);
  }
  return damaged;
}

await runIfStarted(import.meta.filename, 1_000_000, async (count, seed) => {
  const { read, refused } = await fuzzProtobuf(count, seed);
  const { rss } = process.memoryUsage();
  assert.ok(rss < mostBytes, `${rss} bytes of memory`);
  return `${read} read, ${refused} refused, ${Math.round(rss / 1e6)} MB`;
});
