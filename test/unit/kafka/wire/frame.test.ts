/** Stories of whole frames: the bytes that the protocol's specification asks for, and what happens to answers that are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { encoder } from '../../../../src/kafka/wire/codec.ts';
import { decodeFrame, encodeFrame } from '../../../../src/kafka/wire/frame.ts';
import type { ApiName, ResponseBodies } from '../../../../src/kafka/wire/generated/types.ts';
import { Writer } from '../../../../src/kafka/wire/writer.ts';

const client = { correlationId: 0x01020304, clientId: 'kt' };

/** Hexadecimal with spaces and `// comments` between its parts, behind the size. */
function frameOf(text: string): string {
  const hex = text.replace(/\/\/.*$/gm, '').replace(/\s+/g, '');
  return (hex.length / 2).toString(16).padStart(8, '0') + hex;
}

function answer(api: ApiName, version: number, body: unknown): Buffer {
  const writer = new Writer();
  encoder('response', api, version)(writer, body);
  return writer.written();
}

test('ApiVersions v3 is written as KIP-511 says: header v2, whose client id is not compact', () => {
  const body = { clientSoftwareName: 'kt', clientSoftwareVersion: '0.1' };
  assert.equal(
    encodeFrame({ api: 'ApiVersions', version: 3, ...client, body }).toString('hex'),
    frameOf(`0012 0003 01020304 0002 6b74 00 // header v2
             03 6b74 04 302e31 00            // two compact strings, no tags`),
  );
});

test('ApiVersions v0 has header v1 and no body, whatever the client calls itself', () => {
  const body = { clientSoftwareName: 'kt', clientSoftwareVersion: '0.1' };
  const frame = encodeFrame({ api: 'ApiVersions', version: 0, ...client, body });
  assert.equal(frame.toString('hex'), frameOf('0012 0000 01020304 0002 6b74'));
});

test('Metadata v12 asks for all topics with a null array, and for one by name with no topic id', () => {
  const all = encodeFrame({ api: 'Metadata', version: 12, ...client, body: { topics: null, allowAutoTopicCreation: false } });
  assert.equal(all.toString('hex'), frameOf('0003 000c 01020304 0002 6b74 00   00 00 00 00'));
  const one = encodeFrame({ api: 'Metadata', version: 12, ...client, body: { topics: [{ name: 't' }] } });
  assert.equal(
    one.toString('hex'),
    frameOf(`0003 000c 01020304 0002 6b74 00
             02 ${'00'.repeat(16)} 02 74 00 // one topic: zero id, name, no tags
             01 00 00                       // may be created, its default`),
  );
});

test('Metadata v1 has no compact lengths and no tags', () => {
  const frame = encodeFrame({ api: 'Metadata', version: 1, ...client, body: { topics: [{ name: 't' }] } });
  assert.equal(frame.toString('hex'), frameOf('0003 0001 01020304 0002 6b74   00000001 0001 74'));
});

test('Fetch v12 is written field by field as the specification orders them', () => {
  const partition = { partition: 2, fetchOffset: 5n, partitionMaxBytes: 1024 };
  const body = { maxWaitMs: 500, minBytes: 1, topics: [{ topic: 't', partitions: [partition] }] };
  assert.equal(
    encodeFrame({ api: 'Fetch', version: 12, ...client, body }).toString('hex'),
    frameOf(`0001 000c 01020304 0002 6b74 00
             ffffffff 000001f4 00000001 7fffffff 00 // replica, wait, bytes, isolation
             00000000 ffffffff                      // session
             02 02 74 02                            // one topic, one partition
             00000002 ffffffff 0000000000000005 ffffffff ffffffffffffffff 00000400 00
             00 01 01 00                            // topic's tags, nothing forgotten, no rack, no tags`),
  );
});

test('records in several buffers become one byte string, wherever they stand in the request', () => {
  const parts = [Buffer.alloc(10, 1), Buffer.alloc(5000, 2), Buffer.alloc(7000, 3), Buffer.alloc(3, 4)];
  const produce = (records: Buffer | Buffer[]) =>
    encodeFrame({
      api: 'Produce',
      version: 9,
      ...client,
      body: {
        transactionalId: null,
        acks: -1,
        timeoutMs: 1,
        topicData: [
          {
            name: 't',
            partitionData: [
              { index: 0, records },
              { index: 1, records },
            ],
          },
        ],
      },
    });
  const frame = produce(parts);
  assert.deepEqual(frame, produce(Buffer.concat(parts)));
  assert.equal(frame.readInt32BE(0), frame.length - 4);
  assert.equal(frame.indexOf(Buffer.concat(parts)) > 0, true);
});

test('a field that the broker is too old for is an error that names it, unless it can be ignored', () => {
  const topic = { name: 't', partitionIndexes: [0] };
  const group = { groupId: 'g', topics: [topic] };
  const fetch = (body: object) => () => encodeFrame({ api: 'OffsetFetch', version: 1, ...client, body: body as never });
  assert.throws(fetch({ ...group, requireStable: true }), (error) => {
    assert.ok(error instanceof KtError);
    assert.equal(error.kind, 'refused');
    assert.equal(error.code, 'UNSUPPORTED_VERSION');
    assert.equal(error.message, "the broker's OffsetFetch is too old for this (requireStable: version 1 does not have it)");
    return true;
  });
  assert.doesNotThrow(fetch({ ...group, requireStable: false }));
});

test('a null that the version cannot say is refused, and a value that no version holds is the user’s', () => {
  const metadata = (body: object) => () => encodeFrame({ api: 'Metadata', version: 0, ...client, body: body as never });
  assert.throws(metadata({ topics: null }), { kind: 'refused', code: 'UNSUPPORTED_VERSION' });
  assert.throws(metadata({ topics: [{ name: 't' }, { name: 'x'.repeat(40_000) }] }), {
    kind: 'usage',
    message: 'Metadata cannot hold this (topics[1].name: 40000 bytes of text, 32767 are the most)',
  });
  const create = { topics: [], timeoutMs: 3_000_000_000 };
  assert.throws(() => encodeFrame({ api: 'CreateTopics', version: 7, ...client, body: create }), {
    kind: 'usage',
    message: /^CreateTopics cannot hold this \(timeoutMs: .*out of range/,
  });
});

test('a flexible answer has a tag section before its body, and ApiVersions’ never has one', () => {
  const cluster = answer('DescribeCluster', 0, { clusterId: 'c', controllerId: 7 });
  const tagged = Buffer.concat([Buffer.from([1, 5, 2, 9, 9]), cluster]);
  assert.equal(decodeFrame('DescribeCluster', 0, tagged).controllerId, 7);
  const versions = answer('ApiVersions', 3, { apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 13 }] });
  assert.deepEqual(decodeFrame('ApiVersions', 3, versions).apiKeys, [{ apiKey: 3, minVersion: 0, maxVersion: 13 }]);
});

test('fields that an old answer lacks have their default', () => {
  const topic = { name: 't', partitions: [{ partitionIndex: 1 }] };
  const { clusterId, controllerId, topics } = decodeFrame('Metadata', 0, answer('Metadata', 0, { topics: [topic] }));
  assert.equal(clusterId, null);
  assert.equal(controllerId, -1);
  assert.equal(topics[0]?.topicId, 'AAAAAAAAAAAAAAAAAAAAAA');
  assert.equal(topics[0]?.partitions[0]?.leaderEpoch, -1);
  assert.deepEqual(topics[0]?.partitions[0]?.offlineReplicas, []);
});

test('a topic id reads as Kafka prints it', () => {
  const body = { topics: [{ name: 't', topicId: 'XbyoxuTASUSlYgHQxbQ-_w' }] };
  const metadata: ResponseBodies['Metadata'] = decodeFrame(
    'Metadata',
    12,
    Buffer.concat([Buffer.of(0), answer('Metadata', 12, body)]),
  );
  assert.equal(metadata.topics[0]?.topicId, 'XbyoxuTASUSlYgHQxbQ-_w');
});

test('an answer with too few or too many bytes is a connection error that names API, version, field and position', () => {
  const good = answer('Heartbeat', 1, { errorCode: 27 });
  assert.equal(decodeFrame('Heartbeat', 1, good).errorCode, 27);
  assert.throws(() => decodeFrame('Heartbeat', 1, good.subarray(0, 5)), {
    kind: 'connection',
    message: 'the answer to Heartbeat v1 cannot be read (errorCode: 2 bytes wanted at 4, 1 are left)',
  });
  assert.throws(() => decodeFrame('Heartbeat', 1, Buffer.concat([good, Buffer.of(1)])), {
    kind: 'connection',
    message: 'the answer to Heartbeat v1 cannot be read (1 bytes are left over at 6)',
  });
});
