/**
 * Input made by mutation, in every input mode and format: each line is read or refused with a `usage` error that names it, and the good line
 * before it counts. `node --import tsx test/fuzz/input.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { requestOf } from '../../src/commands/produce/request.ts';
import { BatchWriter } from '../../src/kafka/batch/writer.ts';
import { dryRun } from '../../src/records/produce/dry-run.ts';
import type { InputRecord } from '../../src/records/produce/record-input.ts';
import type { ProduceRequest } from '../../src/records/produce/request.ts';
import { writableSerdeNames } from '../../src/records/serde/table.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

/** What lines are mutated from. */
const seeds = [
  '{"topic":"orders","partition":2,"offset":7,"timestamp":1700000000123,"timestampType":"CreateTime","headers":[{"key":"a","value":"x"},{"key":"b","value":null}],"key":"k","value":"v"}',
  '{"topic":"other","partition":0,"offset":7,"tstype":"create","ts":1700000000123,"broker":1,"headers":["a","x","b",null],"key":"k","payload":"v"}',
  '{"key":"12","keyEncoding":"int32","value":{"id":12345678901234567890,"items":[1.5e3,"\\ud83d\\ude00",null,true]}}',
  '{"key":"1.5","keyEncoding":"double","value":"9007199254740993","valueEncoding":"int64","timestamp":-1}',
  '{"key":"123e4567-e89b-12d3-a456-426614174000","keyEncoding":"uuid","value":"/wD+","valueEncoding":"base64"}',
  '{"key":"00ff","keyEncoding":"hex","value":[1,1.5E0,"x",{"a":[]}],"valueEncoding":"cbor","timestamp":9223372036854775807}',
  '{"value":{"1":2},"valueEncoding":"msgpack","headers":[{"key":"a","value":"/w==","valueEncoding":"base64"}]}',
  'key:value',
  '12:00ff',
  '123e4567-e89b-12d3-a456-426614174000:NULL',
].map((text) => Buffer.from(text));

const tokens = [
  ...[
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
    '9223372036854775808',
    '-9223372036854775809',
  ],
  ...[
    '"timestamp":',
    '"ts":',
    '"partition":',
    '"headers":',
    '"key":',
    '"payload":',
    '"__proto__":',
    '"constructor":1',
    '"valueEncoding":',
  ],
  ...[
    '\\ud800',
    '\\u0000',
    '\ufeff',
    '\u2028',
    '\0',
    '\r',
    '\t',
    ' ',
    'NULL',
    'NaN',
    '\ud83d\ude00',
    'a'.repeat(300),
    '['.repeat(3000),
  ],
  ...writableSerdeNames.map((name) => JSON.stringify(name)),
].map((text) => Buffer.from(text));

/** Counts what was read, and puts each record into a batch as the producer does. */
interface Mode {
  readonly name: string;
  readonly good: string;
  readonly request: ProduceRequest;
  /** What a batch could not hold. */
  broken: unknown;
}

async function modes(): Promise<readonly Mode[]> {
  const bare = {
    message: [],
    header: [],
    tombstone: false,
    allowTopic: false,
    partitionFromInput: false,
    report: false,
    dryRun: false,
  };
  const json = { input: 'json', allowTopic: true, partitionFromInput: true } as const;
  const made: [string, Partial<Parameters<typeof requestOf>[1]>, string][] = [
    ['lines', {}, 'good\n'],
    ['lines with keys', { keySeparator: Buffer.from(':'), nullMarker: 'NULL' }, 'good:good\n'],
    ['raw', { input: 'raw' }, ''],
    ['json', json, '{"value":"good"}\n'],
    ['json as it is', { input: 'json' }, '{"value":"good"}\n'],
    ['records', { recordSeparator: Buffer.from('::') }, 'good::'],
  ];
  for (const format of writableSerdeNames) {
    const formats = { keyFormat: format, valueFormat: format };
    made.push([`lines of ${format}`, { ...formats, keySeparator: Buffer.from(':'), nullMarker: 'NULL' }, 'NULL:NULL\n']);
    made.push([`json of ${format}`, { ...json, ...formats }, '{"value":null}\n']);
  }
  return Promise.all(
    made.map(async ([name, options, good]) => {
      const request = await requestOf(
        'orders',
        { ...bare, ...options } as Parameters<typeof requestOf>[1],
        undefined,
        {},
        () => {},
      );
      const mode: Mode = {
        name,
        good,
        broken: undefined,
        request: {
          ...request,
          read: (...piece) => {
            request.read(...piece);
            tryBatch(mode, piece[0]);
          },
        },
      };
      return mode;
    }),
  );
}

const writer = new BatchWriter();

function tryBatch(mode: Mode, record: InputRecord): void {
  try {
    writer.append(record);
    writer.finish('none');
  } catch (error) {
    mode.broken = error;
  }
  writer.reset();
}

function mutated(random: () => number): Buffer {
  const upTo = (count: number): number => Math.floor(random() * count);
  let bytes = seeds[upTo(seeds.length)]!;
  for (let left = upTo(5); left > 0; left--) {
    const at = upTo(bytes.length + 1);
    const end = at + upTo(random() < 0.2 ? 40 : 3);
    const other = random() < 0.7 ? tokens[upTo(tokens.length)]! : Buffer.from([upTo(256)]);
    const put = random() < 0.1 ? seeds[upTo(seeds.length)]! : other;
    bytes = Buffer.concat([bytes.subarray(0, at), random() < 0.7 ? put : Buffer.alloc(0), bytes.subarray(end)]);
  }
  return bytes;
}

/** @throws AssertionError for the first line that is neither read nor refused, with its bytes */
export async function fuzzInput(count: number, seed: number): Promise<{ read: number; refused: number }> {
  const random = randomOf(seed);
  const all = await modes();
  const cluster = fakeCluster({ topics: () => ({ orders: [1, 1, 1], other: [1] }) });
  const { signal } = new AbortController();
  const told = { read: 0, refused: 0 };
  for (let index = 0; index < count; index++) {
    const mode = all[index % all.length]!;
    const line = mutated(random);
    const input = Buffer.concat([Buffer.from(mode.good), line]);
    const shown = `${mode.name}: ${JSON.stringify(line.toString('latin1'))}`;
    const cut = Math.floor(random() * input.length);
    const chunks = async function* () {
      yield Buffer.from(input.subarray(0, cut));
      yield Buffer.from(input.subarray(cut));
    };
    const { records, stoppedBy } = await dryRun(cluster, mode.request, chunks(), signal).catch((error: unknown) =>
      assert.fail(`${shown}: ${error}`),
    );
    assert.equal(mode.broken, undefined, shown);
    assert.ok(records > 0 || mode.good === '', `${shown}: the good line was lost`);
    if (stoppedBy) {
      assert.match(stoppedBy.message, /^(?:line \d+|the input): /, shown);
      assert.doesNotMatch(stoppedBy.message, /too long or too deep/, shown);
      told.refused++;
    } else told.read++;
  }
  return told;
}

await runIfStarted(import.meta.filename, 100_000, async (count, seed) => {
  const { read, refused } = await fuzzInput(count, seed);
  return `${read} read, ${refused} refused of ${count}`;
});
