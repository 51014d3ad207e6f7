/** Whether the cluster says what it consists of. */
import { counted } from '../../base/units.ts';
import type { ClusterMetadata } from '../../kafka/cluster.ts';
import { addressText } from '../../kafka/connection/address.ts';
import type { ClusterSettings } from '../../kafka/connection/settings.ts';
import { mayBePartial } from '../cluster/visibility.ts';
import { begin, type Examination, failure } from './finding.ts';
import type { Connected, Patient } from './patient.ts';

export interface Known extends Connected {
  readonly metadata: ClusterMetadata;
}

/** Connects as every other command does, and asks for all topics. */
export async function* examineMetadata(patient: Patient, settings: ClusterSettings): Examination<Known | undefined> {
  const found = begin('metadata');
  const target = settings.bootstrapServers.map(addressText).join(',');
  try {
    const cluster = await patient.connect();
    const metadata = await cluster.metadata('all');
    const { clusterId, brokers, topics } = metadata;
    const partitions = [...topics.values()].reduce((sum, topic) => sum + topic.partitions.length, 0);
    const among = (await mayBePartial(cluster, 'topics')) ? ' that this user may see' : '';
    const has = `${counted(brokers.length, 'broker')}, ${counted(topics.size, 'topic')} with ${counted(partitions, 'partition')}${among}`;
    yield found({ target, verdict: 'ok', found: `cluster ${clusterId ?? 'without an id'}: ${has}` });
    return { cluster, settings, metadata };
  } catch (error) {
    yield found(failure(target, error));
    return undefined;
  }
}
