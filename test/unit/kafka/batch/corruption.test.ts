/** No damaged byte of a real answer to Fetch ends up in a record: the damage is noticed, or is outside of records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { field } from '../../../../src/kafka/batch/header.ts';
import {
  batchesOf,
  type Damage,
  decodeFetch,
  type FetchBody,
  type FetchFixture,
  fetchFixtures,
  isPlain,
  type Outcome,
  readDamaged,
  tooManyFetches,
} from '../fetch/captured.ts';
import { reseal } from './fixtures.ts';

const fixtures = fetchFixtures();
/** Nothing hangs: each test of thousands of answers takes a second, or ten with all bits. */
const timeout = 120_000;

/** All bits of a byte, and one by itself; each by itself (four times as long, 30 s) with KT_TEST_ALL_BITS=1. */
function flipsAt(at: number): readonly number[] {
  return process.env['KT_TEST_ALL_BITS'] === '1' ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : [1 << (at % 8), 255];
}

/**
 * Where damage goes unnoticed, because Kafka's protocol has no checksum there. The CRC of a batch covers what follows it (attributes to the
 * last record), and the batch's structure guards length, magic and the CRC itself; all else is the broker's word. For each field what damage
 * may do at most; what is not listed may only end in the identical records or in an error that names topic, partition and offset.
 *
 * - `unused`: kt decides nothing by it, or only how to go on; the records are identical.
 * - `asked again`: the answer is refused as a whole and asked for again; identical records, or the broker's supposed error for the partition.
 * - `visibility`: which transactions were aborted. Records of aborted ones may be shown and those of others hidden, but each is intact.
 * - `place`: a batch's base offset, which the broker sets after the producer made the CRC. Records may have wrong offsets, or lie beyond the
 *   end of what was to be read (Kafka's own clients trust it as well); their bytes, timestamps, partitions and order are intact.
 */
const unprotected: Readonly<Record<string, 'unused' | 'asked again' | 'visibility' | 'place'>> = {
  throttleTimeMs: 'unused',
  sessionId: 'unused',
  nodeEndpoints: 'unused',
  'responses.partitions.highWatermark': 'unused',
  'responses.partitions.lastStableOffset': 'unused',
  'responses.partitions.logStartOffset': 'unused',
  'responses.partitions.preferredReadReplica': 'unused',
  'responses.partitions.divergingEpoch': 'unused',
  'responses.partitions.currentLeader': 'unused',
  'responses.partitions.snapshotId': 'unused',
  'batch.leaderEpoch': 'unused',
  errorCode: 'asked again',
  'responses.topicId': 'asked again',
  'responses.partitions.partitionIndex': 'asked again',
  'responses.partitions.errorCode': 'asked again',
  'responses.partitions.abortedTransactions': 'visibility',
  'batch.baseOffset': 'place',
};

/** The names of the fields in which two answers differ, without indexes; inside of records those of a batch's header. */
function changedFields(before: unknown, after: unknown, path = ''): string[] {
  if (Object.is(before, after)) return [];
  if (Buffer.isBuffer(before)) return Buffer.isBuffer(after) ? changedBatchFields(before, after) : ['records'];
  if (path.endsWith('abortedTransactions') || path === 'nodeEndpoints') {
    return text(before) === text(after) ? [] : [path];
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((each, index) => changedFields(each, after[index], path));
  }
  if (isStruct(before) && isStruct(after)) {
    return Object.keys(before).flatMap((name) =>
      changedFields(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return text(before) === text(after) ? [] : [path];
}

function changedBatchFields(before: Buffer, after: Buffer): string[] {
  if (before.length !== after.length) return ['batch.length of all'];
  const names = new Set<string>();
  for (const { start, end } of batchesOf(before)) {
    for (let at = start; at < end; at++) {
      if (before[at] === after[at]) continue;
      const [name] = Object.entries(field).findLast(([, position]) => start + position <= at)!;
      names.add(`batch.${name}`);
    }
  }
  return [...names];
}

function isStruct(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_name, each) => (typeof each === 'bigint' ? String(each) : each)) ?? 'undefined';
}

/** Whether these lines stand in those, in this order. */
function isPartOf(lines: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const line of lines) {
    at = all.indexOf(line, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function withoutOffset(lines: readonly string[]): string[] {
  return lines.map((line) => JSON.stringify(JSON.parse(line).filter((_: unknown, index: number) => index !== 1)));
}

function byPlace(lines: readonly string[]): string[] {
  const place = (line: string): readonly [number, number] => JSON.parse(line).slice(0, 2);
  return [...lines].sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
}

/** What is wrong with an outcome; undefined when it is one of those allowed for these fields. */
function objection(fixture: FetchFixture, changed: readonly string[], { lines, error, fetches }: Outcome): string | undefined {
  const { topic, records, aborted } = fixture;
  const kinds = changed.map((name) => unprotected[name]);
  if (fetches > tooManyFetches) return 'it turns in circles';
  if (error !== undefined) {
    if (!isPlain(error)) return `it fails with ${error}`;
    const names = [`${topic}:`, `${topic} [`].some((name) => error.message.includes(name));
    if (!names && !(changed.includes('errorCode') && /broker 1/.test(error.message)))
      return `its error does not say where: ${error.message}`;
    if (error.code === 'CORRUPT_MESSAGE' && !/at offset -?\d+ \(/.test(error.message))
      return `its error does not name the offset: ${error.message}`;
    if (kinds.length > 0 && kinds.every((kind) => kind === 'unused'))
      return `it fails for what it does not use: ${error.message}`;
  }
  if (kinds.includes('visibility')) {
    return isPartOf(lines, byPlace([...records, ...aborted])) ? undefined : 'records differ';
  }
  if (kinds.includes('place')) {
    if (!isPartOf(withoutOffset(lines), withoutOffset(records))) return 'records differ';
    return undefined;
  }
  if (error !== undefined) return isPartOf(lines, records) ? undefined : 'records differ before the error';
  return text(lines) === text(records) ? undefined : 'records are lost, invented or changed';
}

interface Mutation {
  readonly what: string;
  readonly body: FetchBody;
}

/** Every flip of every byte that leaves an answer which can be decoded at all; what cannot must say so. */
function flipped(fixture: FetchFixture): Mutation[] {
  const mutations: Mutation[] = [];
  for (let at = 0; at < fixture.answer.length; at++) {
    for (const flip of flipsAt(at)) {
      const bytes = Buffer.from(fixture.answer);
      bytes[at]! ^= flip;
      const body = decodedOrRefused(bytes, `byte ${at} ^ ${flip}`);
      if (body) mutations.push({ what: `byte ${at} ^ ${flip}`, body });
    }
  }
  return mutations;
}

function decodedOrRefused(bytes: Buffer, what: string): FetchBody | undefined {
  try {
    return decodeFetch(bytes);
  } catch (error) {
    assert.ok(isPlain(error) && error.kind === 'connection' && error.code === 'CORRUPT_MESSAGE', `${what}: ${error}`);
    assert.match(error.message, /^the answer to Fetch v17 cannot be read \(.+\)$/);
    return undefined;
  }
}

/** Many at a time, for some wait a little before they ask again. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += 1000) await Promise.all(all.slice(at, at + 1000).map(work));
}

/** The largest piece of memory that is asked for while `work` runs. */
async function largestAllocation(work: () => Promise<void>): Promise<number> {
  let largest = 0;
  const names = ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const;
  const originals = names.map((name) => Buffer[name]);
  for (const [index, name] of names.entries()) {
    Buffer[name] = (size: number, ...rest: []) => {
      largest = Math.max(largest, size);
      return originals[index]!(size, ...rest);
    };
  }
  try {
    await work();
  } finally {
    for (const [index, name] of names.entries()) Buffer[name] = originals[index]!;
  }
  return largest;
}

for (const fixture of fixtures) {
  const { name, answer, body, records } = fixture;

  test(`${name}: the answer as it came gives what other clients read`, async () => {
    const { lines, error } = await readDamaged(fixture, () => body, 'once');
    assert.equal(error, undefined);
    assert.deepEqual(lines, records);
  });

  test(`${name}: an answer cut short at any byte is not accepted`, () => {
    for (let length = 0; length < answer.length; length++) {
      assert.equal(decodedOrRefused(answer.subarray(0, length), `cut at ${length}`), undefined, `cut at ${length}`);
    }
  });

  for (const damage of ['once', 'always'] satisfies Damage[]) {
    test(`${name}: a flipped bit anywhere in the answer, ${damage}, changes no record unnoticed`, { timeout }, async () => {
      const mutations = flipped(fixture);
      const failures: string[] = [];
      await each(mutations, async ({ what, body: mutated }) => {
        const changed = changedFields(body, mutated);
        const places = changed.filter((each) => unprotected[each] === 'asked again');
        // Another test covers the 30 s for which kt retries a leader that answers nonsense.
        if (damage === 'always' && places.length > 0) return;
        const wrong = objection(fixture, changed, await readDamaged(fixture, () => mutated, damage));
        if (wrong) failures.push(`${what} (${changed}): ${wrong}`);
      });
      assert.ok(mutations.length > answer.length, `only ${mutations.length} were tried`);
      assert.deepEqual(failures, []);
    });
  }

  test(`${name}: batches forged with a right CRC end in an error or in well-formed records`, { timeout }, async () => {
    const forged: Mutation[] = [];
    const { partitions } = body.responses[0]!;
    for (const [index, partition] of partitions.entries()) {
      for (const { start, end } of batchesOf(partition.records!)) {
        for (let at = start + field.attributes; at < end; at++) {
          for (const flip of flipsAt(at)) {
            const bytes = Buffer.from(partition.records!);
            bytes[at]! ^= flip;
            reseal(bytes.subarray(start, end));
            const changed = partitions.with(index, { ...partition, records: bytes });
            forged.push({
              what: `[${index}] ${at} ^ ${flip}`,
              body: { ...body, responses: [{ ...body.responses[0]!, partitions: changed }] },
            });
          }
        }
      }
    }
    const failures: string[] = [];
    const largest = await largestAllocation(() =>
      each(forged, async ({ what, body: mutated }) => {
        const { error, fetches } = await readDamaged(fixture, () => mutated, 'always');
        if (fetches > tooManyFetches) failures.push(`${what}: it turns in circles`);
        if (error !== undefined && !isPlain(error)) failures.push(`${what}: ${(error as Error).stack}`);
      }),
    );
    assert.deepEqual(failures, []);
    assert.ok(largest <= 4 << 20, `${largest} bytes for an answer of ${answer.length}`);
  });
}

const [plain] = fixtures as readonly [FetchFixture, ...FetchFixture[]];

/** Each with the error when it lasts longer than kt retries, or at once if a retry is useless. */
const refusedAnswers: readonly (readonly [string, () => FetchBody, RegExp])[] = [
  [
    'that is cut short',
    () => decodeFetch(plain.answer.subarray(0, -1)),
    /^capture-none\S*:0,1 could not be read to the end \(the answer to Fetch v17 cannot be read/,
  ],
  [
    'with a partition that was not asked for',
    () => withPartition({ partitionIndex: 7 }),
    /^\S+:0,1 could not be read to the end \(the answer to Fetch from broker 1 cannot be read \(\S+:7 is not what was asked for\)\)$/,
  ],
  [
    'with a partition twice',
    () => withPartition({ partitionIndex: 1 }),
    /^\S+:0,1 could not be read to the end \(the answer to Fetch from broker 1 cannot be read \(\S+:1 is not what was asked for\)\)$/,
  ],
  [
    'with an error that passes',
    () => ({ ...plain.body, errorCode: 56 }),
    /^\S+:0,1 could not be read to the end \(broker 1 refuses to be read from/,
  ],
];

function withPartition(change: object): FetchBody {
  const [topic] = plain.body.responses;
  const [first, second] = topic!.partitions;
  return { ...plain.body, responses: [{ ...topic!, partitions: [{ ...first!, ...change }, second!] }] };
}

for (const [what, damaged, said] of refusedAnswers) {
  test(`an answer ${what} is asked for again, for half a minute`, async (t) => {
    const { lines, error } = await readDamaged(plain, damaged, 'once');
    assert.deepEqual([lines, error], [plain.records, undefined]);
    let now = 0;
    t.mock.method(performance, 'now', () => {
      now += 15_000;
      return now;
    });
    const unlucky = await readDamaged(plain, damaged, 'always');
    assert.deepEqual(unlucky.lines, []);
    assert.ok(isPlain(unlucky.error), String(unlucky.error));
    assert.equal(unlucky.error.kind, 'connection');
    assert.match(unlucky.error.message, said);
  });
}

test('a broker that refuses a fetch without a session for good is not asked again', async () => {
  const { error, fetches } = await readDamaged(plain, () => ({ ...plain.body, errorCode: 31, responses: [] }), 'always');
  assert.ok(isPlain(error), String(error));
  assert.deepEqual([error.kind, error.code, fetches], ['refused', 'CLUSTER_AUTHORIZATION_FAILED', 1]);
  assert.match(error.message, /^broker 1 refuses to be read from \(/);
});

test('batches that end before the requested offset are an error, not an endless loop', async () => {
  const records = Buffer.from(plain.body.responses[0]!.partitions[0]!.records!);
  for (const { start } of batchesOf(records)) records.writeBigInt64BE(-100n, start);
  const { error, fetches } = await readDamaged(plain, () => withPartition({ records }), 'always');
  assert.ok(isPlain(error), String(error));
  assert.deepEqual([error.kind, error.code, fetches], ['refused', 'CORRUPT_MESSAGE', 1]);
  assert.match(
    error.message,
    /^corrupt record batch in capture-none\S*:0 at offset 0 \(the records that came end before it, at -\d+\)$/,
  );
});
