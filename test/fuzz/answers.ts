/**
 * Answers damaged at random, over every API and version that kt reads, with record batches, compressed sections, and what groups and
 * internal topics hold: each is read, or refused with an error that callers expect, in time and within memory.
 * `node --import tsx test/fuzz/answers.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { KtError } from '../../src/base/errors.ts';
import { field } from '../../src/kafka/batch/header.ts';
import { Malformed } from '../../src/kafka/batch/malformed.ts';
import { RecordBatches } from '../../src/kafka/batch/reader.ts';
import { visitHeaders } from '../../src/kafka/batch/record-headers.ts';
import { compress, compressionNames, decompress, prepareCodecs } from '../../src/kafka/compression/index.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../src/kafka/group/consumer-protocol.ts';
import { InternalRecords } from '../../src/kafka/internals/records.ts';
import { decoder, encoder } from '../../src/kafka/wire/codec.ts';
import { Reader, WireError } from '../../src/kafka/wire/reader.ts';
import { Writer } from '../../src/kafka/wire/writer.ts';
import { javaBatches, reseal } from '../unit/kafka/batch/fixtures.ts';
import { messageOf, subjects } from '../unit/kafka/wire/arbitrary.ts';
import { damaged } from './damage.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

/** What a damaged batch may decompress to here. */
const maxBatchBytes = 1 << 20;
/** The whole process may take 300 MB; by itself, with all codecs and schemas loaded, it has 100 MB. Unit tests run in one that has more. */
const mostGrowth = 200 << 20;
const mostMs = 1000;

/** Bytes that are right, and what reads them. */
interface Target {
  readonly what: string;
  readonly bytes: Buffer;
  read(bytes: Buffer): void;
}

function messageTargets(seed: number): Target[] {
  return subjects()
    .filter(({ kind }) => kind !== 'request')
    .flatMap((subject) => {
      const { kind, name, version } = subject;
      return fc.sample(messageOf(subject), { numRuns: 2, seed }).map((value) => {
        const writer = new Writer();
        encoder(kind, name, version)(writer, value);
        return {
          what: `${kind} ${name} v${version}`,
          bytes: Buffer.from(writer.written()),
          read: (bytes: Buffer) => void decoder(kind, name, version)(new Reader(bytes)),
        };
      });
    });
}

function visitAll(records: Buffer): void {
  let bytes = 0;
  new RecordBatches({ topic: 'orders', partition: 3, records, startOffset: 0n, maxBatchBytes }).each((record) => {
    bytes += record.keyEnd - record.keyStart + record.valueEnd - record.valueStart;
    visitHeaders(record, (_, keyStart, keyEnd) => {
      bytes += keyEnd - keyStart;
    });
    assert.ok(record.keyEnd <= record.bytes.length && record.valueEnd <= record.bytes.length);
    record.exactOffset();
    record.exactTimestamp();
  });
  assert.ok(bytes >= 0);
}

/** As damaged, and with the CRC that the damage needs: else nothing behind it is read. */
function batchTargets(): Target[] {
  return Object.entries(javaBatches).flatMap(([codec, hex]) => {
    const bytes = Buffer.from(hex, 'hex');
    return [
      { what: `batch ${codec}`, bytes, read: visitAll },
      {
        what: `batch ${codec} with its CRC`,
        bytes,
        read: (given: Buffer) => visitAll(given.length >= field.records ? resized(given) : given),
      },
    ];
  });
}

function resized(batch: Buffer): Buffer {
  const copy = Buffer.from(batch);
  copy.writeInt32BE(copy.length - field.leaderEpoch, field.length);
  copy[field.magic] = 2;
  return reseal(copy);
}

function codecTargets(): Target[] {
  const content = Buffer.concat([Buffer.alloc(3000, '{"user_id":"u-1","event":"user.signup"}\n'), Buffer.alloc(70_000)]);
  return [1, 2, 3, 4].map((id) => ({
    what: `section ${compressionNames[id]}`,
    bytes: compress(id, content),
    read: (bytes: Buffer) => assert.ok(decompress(id, bytes, maxBatchBytes).length <= maxBatchBytes),
  }));
}

function groupTargets(): Target[] {
  const groups = new InternalRecords('group');
  return [
    {
      what: 'subscription',
      bytes: encodeSubscription(['orders', 'payments']),
      read: (bytes) => void decodeSubscription(bytes),
    },
    {
      what: 'assignment',
      bytes: encodeAssignment([
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
      ]),
      read: (bytes) => void decodeAssignment(bytes),
    },
    {
      what: 'key of a committed offset',
      bytes: Buffer.from('0001000762696c6c696e6700066f726465727300000003', 'hex'),
      read: (bytes) => void groups.key(bytes, 0, bytes.length),
    },
    ...[0, 1, 2, 3, 5, 8, 12].map((type) => ({
      what: `value of record type ${type}`,
      bytes: Buffer.from('0003000000000000002a00000000000000000000018bcfe5687b', 'hex'),
      read: (bytes: Buffer) => void groups.value(type, bytes, 0, bytes.length),
    })),
  ];
}

/**
 * Damages one answer after the other.
 * @returns how many could still be read, and how many were refused
 */
export async function fuzzAnswers(count: number, seed: number): Promise<{ read: number; refused: number }> {
  await prepareCodecs(0b11110);
  const random = randomOf(seed);
  const messages = messageTargets(seed);
  const others = [...batchTargets(), ...codecTargets(), ...groupTargets()];
  const told = { read: 0, refused: 0 };
  const memoryBefore = process.memoryUsage.rss();
  for (let index = 0; index < count; index++) {
    const targets = index % 2 === 0 ? messages : others;
    const { what, bytes, read } = targets[Math.floor(random() * targets.length)]!;
    const given = damaged(bytes, random);
    const start = process.cpuUsage().user;
    const shown = () => `seed ${seed}, run ${index}, ${what}: ${given.toString('hex')}`;
    try {
      read(given);
      told.read++;
    } catch (error) {
      const isExpected =
        error instanceof WireError || error instanceof Malformed || (error instanceof KtError && error.kind === 'refused');
      assert.ok(isExpected, `${shown()}: ${error instanceof Error ? error.stack : error}`);
      told.refused++;
    }
    const ms = (process.cpuUsage().user - start) / 1000;
    assert.ok(ms < mostMs, `${shown()}: ${ms} ms`);
    if (index % 1000 !== 0) continue;
    // What zlib puts off to the next turn holds its memory until then.
    await nextTurn();
    const growth = process.memoryUsage.rss() - memoryBefore;
    assert.ok(growth < mostGrowth, `${shown()}: ${growth} bytes more`);
  }
  return told;
}

await runIfStarted(import.meta.filename, 1_000_000, async (count, seed) => {
  const { read, refused } = await fuzzAnswers(count, seed);
  return `${read} read, ${refused} refused of ${count}`;
});
