import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataOf } from '../../../src/kafka/metadata.ts';

const partition = (partitionIndex: number, leaderId: number) => ({
  partitionIndex,
  leaderId,
  leaderEpoch: 3,
  replicaNodes: [1, 2],
  isrNodes: [leaderId],
  offlineReplicas: [],
  errorCode: 0,
});

const response = {
  throttleTimeMs: 0,
  clusterId: 'c',
  controllerId: 2,
  errorCode: 0,
  clusterAuthorizedOperations: 0,
  brokers: [{ nodeId: 1, host: 'one', port: 9092, rack: null }],
  topics: [
    {
      errorCode: 0,
      name: 'orders',
      topicId: 'V1Nn0yTNTmqyZPV-GlVv7A',
      isInternal: false,
      partitions: [partition(2, 1), partition(0, 2), partition(1, -1)],
      topicAuthorizedOperations: 0,
    },
    {
      errorCode: 3,
      name: 'gone',
      topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
      isInternal: true,
      partitions: [],
      topicAuthorizedOperations: 0,
    },
    {
      errorCode: 100,
      name: null,
      topicId: 'V1Nn0yTNTmqyZPV-GlVv7A',
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: 0,
    },
  ],
};

test('brokers and topics are renamed as in the rest of kt, partitions in order', () => {
  const { clusterId, controllerId, brokers, topics } = metadataOf(response);
  assert.deepEqual([clusterId, controllerId, brokers], ['c', 2, [{ id: 1, host: 'one', port: 9092, rack: null }]]);
  const orders = topics.get('orders')!;
  assert.equal(orders.topicId, 'V1Nn0yTNTmqyZPV-GlVv7A');
  assert.deepEqual(
    orders.partitions.map((each) => [each.partition, each.leader]),
    [
      [0, 2],
      [1, -1],
      [2, 1],
    ],
  );
  assert.deepEqual(orders.partitions[0], {
    partition: 0,
    leader: 2,
    leaderEpoch: 3,
    replicas: [1, 2],
    isr: [2],
    offline: [],
    errorCode: 0,
  });
});

test('an unknown topic keeps its error and has no id; one without a name is left out', () => {
  const { topics } = metadataOf(response);
  assert.deepEqual([...topics.keys()], ['orders', 'gone']);
  assert.deepEqual(topics.get('gone'), { topic: 'gone', topicId: null, internal: true, errorCode: 3, partitions: [] });
});
