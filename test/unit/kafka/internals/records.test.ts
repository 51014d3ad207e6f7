/** Stories of the records in which Kafka keeps its groups and transactions: what Kafka wrote is shown, and no bytes can do harm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Fields, prefixBytes } from '../../../../src/kafka/internals/message.ts';
import { InternalRecords, recordTypeOf } from '../../../../src/kafka/internals/records.ts';
import { coordinatorOf, coordinatorOfCopy } from '../../../../src/kafka/internals/topics.ts';
import { compileEncode } from '../../../../src/kafka/wire/encode.ts';
import { type Coordinator, internalRecords } from '../../../../src/kafka/wire/generated/internals.ts';
import { parseSchema } from '../../../../src/kafka/wire/schema.ts';
import { Writer } from '../../../../src/kafka/wire/writer.ts';
import { messageOf } from '../wire/arbitrary.ts';

const group = new InternalRecords('group');
const transaction = new InternalRecords('transaction');

function key(records: InternalRecords, bytes: Buffer): Fields | undefined {
  return records.key(bytes, 0, bytes.length);
}

function value(records: InternalRecords, type: number, bytes: Buffer): Fields | undefined {
  return records.value(type, bytes, 0, bytes.length);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

// The bytes were written by the Java classes of Kafka 4.3.1.
const commitKey = hex('0001000762696c6c696e6700066f726465727300000003');
const commitValue = hex('000300200000000000010000000500000000018bcfe56800');

test('a committed offset is shown with every digit, and the fields of its version', () => {
  assert.deepEqual(key(group, commitKey), {
    type: 'OffsetCommit',
    version: 1,
    group: 'billing',
    topic: 'orders',
    partition: 3,
  });
  assert.deepEqual(value(group, 1, commitValue), {
    type: 'OffsetCommit',
    version: 3,
    offset: 9007199254740993n,
    leaderEpoch: 5,
    metadata: '',
    commitTimestamp: 1_700_000_000_000n,
  });
  const newer = hex('0004000000000000002a00000005026d0000018bcfe568000100101de63e42e8ea40d7b5bdf97aa0b440bc');
  const { topicId, version } = value(group, 1, newer)!;
  assert.deepEqual([version, topicId], [4, 'HeY-QujqQNe1vfl6oLRAvA']);
});

test('a member of the KIP-848 protocol is decoded, and so is the subscription of a classic one', () => {
  const member = '000000000263032f6802076f726465727300ffffffff08756e69666f726d01';
  const own = value(group, 5, hex(`${member}000100`))!;
  assert.deepEqual([own['clientId'], own['serverAssignor'], own['classicMemberMetadata']], ['c', 'uniform', null]);
  const classic = value(
    group,
    5,
    hex(`${member}0025010000afc8020672616e67651700010000000100066f7264657273ffffffff000000000000`),
  )!;
  const subscription = { version: 1, topics: ['orders'], userData: null, ownedPartitions: [] };
  assert.deepEqual(classic['classicMemberMetadata'], {
    sessionTimeoutMs: 45_000,
    supportedProtocols: [{ name: 'range', metadata: subscription }],
  });
});

test("a transaction's state is a word; a state newer than kt is its number", () => {
  assert.deepEqual(key(transaction, hex('00000003706179')), { type: 'TransactionLog', version: 0, transactionalId: 'pay' });
  const complete = '0001000000000000003d00020000ea6004000000018bcfe568010000018bcfe56800010008000000000000003c';
  assert.deepEqual(value(transaction, 0, hex(complete)), {
    type: 'TransactionLog',
    version: 1,
    producerId: 61n,
    previousProducerId: 60n,
    producerEpoch: 2,
    transactionTimeoutMs: 60_000,
    transactionStatus: 'CompleteCommit',
    transactionPartitions: null,
    transactionLastUpdateTimestampMs: 1_700_000_000_001n,
    transactionStartTimestampMs: 1_700_000_000_000n,
  });
  const unknown =
    '0000000000000000003d00020000ea60090000000100066f72646572730000000200000000000000020000018bcfe568010000018bcfe56800';
  const { transactionStatus, transactionPartitions } = value(transaction, 0, hex(unknown))!;
  assert.equal(transactionStatus, 9);
  assert.deepEqual(transactionPartitions, [{ topic: 'orders', partitionIds: [0, 2] }]);
});

test("a regular expression's own version is the one shown", () => {
  assert.equal(value(group, 16, hex('000002046162630000000000000007000000000000000800'))!['version'], 7n);
});

test("what groups of other protocols keep, such as Connect's, stays bytes", () => {
  const member = {
    memberId: 'm',
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/h',
    rebalanceTimeout: 1,
    sessionTimeout: 2,
    subscription: hex('00010000000100066f7264657273ffffffff00000000'),
    assignment: Buffer.alloc(0),
  };
  const told = (protocolType: string) => {
    const metadata = {
      protocolType,
      generation: 1,
      protocol: null,
      leader: null,
      currentStateTimestamp: 0n,
      members: [member],
    };
    const [shown] = value(group, 2, written('group', 2, 'value', 3, metadata))!['members'] as readonly Fields[];
    return [shown!['subscription'], shown!['assignment']];
  };
  assert.deepEqual(told('consumer'), [{ version: 1, topics: ['orders'], userData: null, ownedPartitions: [] }, '']);
  assert.deepEqual(told('connect'), [member.subscription.toString('base64'), '']);
});

test('what is newer than kt, too long or empty stays bytes', () => {
  const newerType = Buffer.concat([hex('0063'), commitKey.subarray(prefixBytes)]);
  assert.equal(key(group, newerType), undefined);
  assert.equal(recordTypeOf(newerType, 0, newerType.length), 99);
  const newerValue = Buffer.concat([hex('0063'), commitValue.subarray(prefixBytes)]);
  assert.equal(value(group, 1, newerValue), undefined);
  assert.equal(value(group, 99, commitValue), undefined);
  assert.equal(records('group').value(undefined, commitValue, 0, commitValue.length), undefined);
  const [longKey, longValue] = [commitKey, commitValue].map((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]));
  assert.equal(key(group, longKey!), undefined);
  assert.equal(value(group, 1, longValue!), undefined);
  assert.equal(recordTypeOf(commitKey, 0, 1), undefined);
});

test('every record type in every version is shown with all that was written', () => {
  for (const { coordinator, type, name, part, version } of everyForm()) {
    const property = fc.property(messageOf(schemaOf(coordinator, type, part, version)), (message) => {
      const bytes = written(coordinator, type, part, version, message);
      const told = part === 'key' ? key(records(coordinator), bytes) : value(records(coordinator), type, bytes);
      assert.equal(told?.['type'], name);
      if (!('version' in message)) assert.equal(told['version'], part === 'key' ? type : version);
      for (const [field, shown] of Object.entries(told))
        if (field in message && typeof shown !== 'object' && field !== 'transactionStatus') assert.equal(shown, message[field]);
    });
    fc.assert(property, { numRuns: 20 });
  }
});

test('cut, flipped and random bytes are decoded or not, and never throw', () => {
  for (const { coordinator, type, part, version } of everyForm()) {
    const [message] = fc.sample(messageOf(schemaOf(coordinator, type, part, version)), 1);
    const whole = written(coordinator, type, part, version, message!);
    const tell = (bytes: Buffer) =>
      part === 'key' ? key(records(coordinator), bytes) : value(records(coordinator), type, bytes);
    for (let length = 0; length < Math.min(whole.length, 200); length++)
      assert.equal(tell(whole.subarray(0, length)), undefined);
    for (let at = 0; at < Math.min(whole.length, 200); at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 0x81;
      tell(flipped);
    }
    const random = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      tell(Buffer.concat([whole.subarray(0, prefixBytes), bytes]));
    });
    fc.assert(random, { numRuns: 20 });
  }
});

test("Kafka's own topics are known by their name, copies of them by its end", () => {
  assert.deepEqual(
    ['__consumer_offsets', '__transaction_state', '__share_group_state', 'orders', 'eu.__transaction_state', 'toString'].map(
      coordinatorOf,
    ),
    ['group', 'transaction', 'share', undefined, undefined, undefined],
  );
  assert.deepEqual(['eu.__transaction_state', 'eu.__consumer_offsets', 'offsets-copy'].map(coordinatorOfCopy), [
    'transaction',
    'group',
    'group',
  ]);
});

type Part = 'key' | 'value';

function records(coordinator: Coordinator): InternalRecords {
  return new InternalRecords(coordinator);
}

function schemaOf(coordinator: Coordinator, type: number, part: Part, version: number) {
  const [name, keyText, valueText] = internalRecords[coordinator][type]!;
  return { kind: 'message', name, version, schema: parseSchema(part === 'key' ? keyText : valueText) } as const;
}

function* everyForm() {
  for (const [coordinator, types] of Object.entries(internalRecords) as [
    Coordinator,
    (typeof internalRecords)[Coordinator],
  ][]) {
    for (const [type, [name, keyText, valueText]] of Object.entries(types)) {
      for (const [part, text] of [
        ['key', keyText],
        ['value', valueText],
      ] as const) {
        const { min, max } = parseSchema(text);
        for (let version = min; version <= max; version++) yield { coordinator, type: Number(type), name, part, version };
      }
    }
  }
}

/** A key behind its record type, or a value behind its version. */
function written(coordinator: Coordinator, type: number, part: Part, version: number, message: Fields): Buffer {
  const writer = new Writer(64);
  writer.int16(part === 'key' ? type : version);
  compileEncode(schemaOf(coordinator, type, part, version).schema, version)(writer, message);
  return writer.written();
}
