/** A test record: written with acks=all, and read back. Its time tells the leader's clock where the topic has the leader stamp records. */
import { KtError } from '../../base/errors.ts';
import type { Cluster, TopicMetadata } from '../../kafka/cluster.ts';
import { firstRecords } from '../../kafka/fetch/first-record.ts';
import { RecordProducer } from '../../kafka/produce/producer.ts';
import { partitionName } from '../../kafka/routing.ts';
import { eachTopicConfigs } from '../configs/topic-configs.ts';
import { compared } from './clock.ts';
import { begin, type Examination, failure } from './finding.ts';

const key = Buffer.from('kt-doctor');
const value = Buffer.from('a test record of kt doctor');

/** @param topic with a partition that has a leader */
export async function* examineWriting(cluster: Cluster, topic: TopicMetadata): Examination<void> {
  const found = begin('write');
  const { partition } = topic.partitions.find(({ leader }) => leader >= 0)!;
  const at = { topic: topic.topic, partition };
  const target = partitionName(at);
  try {
    const isStamped = await hasLeadersTime(cluster, topic.topic);
    const clock = begin('clock');
    const before = Date.now();
    const offset = await written(cluster, at);
    const after = Date.now();
    const back = (await firstRecords(cluster, [{ ...at, offset, end: offset + 1n }], 'read_uncommitted')).get(target);
    const read = back instanceof KtError ? undefined : back?.timestamps.get(offset);
    if (back instanceof KtError)
      yield found(failure(target, back, `a test record is at offset ${offset}, but cannot be read back`));
    else
      yield found({
        target,
        verdict: 'ok',
        found: `a test record was written at offset ${offset} with acks=all, and read back`,
      });
    if (!isStamped || typeof read !== 'number') return;
    yield clock({ target: 'this machine', ...compared({ whose: `the leader of ${target}`, theirs: read, before, after }) });
  } catch (error) {
    yield found(failure(target, error));
  }
}

/** @returns the record's offset. @throws KtError why it was not acknowledged */
async function written(cluster: Cluster, { topic, partition }: { topic: string; partition: number }): Promise<bigint> {
  let offset: bigint | undefined;
  let refusal: KtError | undefined;
  const producer = await RecordProducer.open(cluster, {
    acks: -1,
    idempotent: false,
    compression: 'none',
    retries: 3,
    deliveryTimeoutMs: cluster.timeoutMs,
    signal: cluster.signal,
    onDelivered: ({ baseOffset }) => {
      offset = baseOffset;
    },
    onFailed: (_records, error) => {
      refusal = error;
    },
  });
  await producer.addTopic(topic);
  const bytes = { key, keyStart: 0, keyEnd: key.length, value, valueStart: 0, valueEnd: value.length };
  producer.append(topic, partition, { ...bytes, headers: undefined, timestamp: Date.now() }, 1);
  await producer.flush();
  if (refusal) throw refusal;
  return offset!;
}

/** Whether its leaders stamp records with their own time; where it cannot be read, they are taken not to. */
async function hasLeadersTime(cluster: Cluster, topic: string): Promise<boolean> {
  let type: string | null | undefined;
  const name = 'message.timestamp.type';
  await eachTopicConfigs(
    cluster,
    [topic],
    (_topic, configs) => {
      if (!(configs instanceof KtError)) type = configs[name]?.value;
    },
    { names: [name] },
  );
  return type === 'LogAppendTime';
}
