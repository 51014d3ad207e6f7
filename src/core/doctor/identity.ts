/** Which broker answers at a broker's address: one address that is mapped for several brokers leads to one of them. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { resourceTypes } from '../configs/resource.ts';

/**
 * No answer says which broker gives it; but a broker that is asked for another one's configs names itself in its refusal (Kafka's
 * ConfigHelper).
 * @returns the other broker's id; undefined when the right one answers, or this user may not ask
 */
export async function answersInstead(cluster: Cluster, broker: number): Promise<number | undefined> {
  const resource = { resourceType: resourceTypes.broker.code, resourceName: `${broker}`, configurationKeys: ['broker.id'] };
  const asked = { resources: [resource], includeSynonyms: false };
  try {
    const [answer] = (await cluster.request('DescribeConfigs', asked, { broker })).results;
    const named = /Unexpected broker id, expected (\d+)/.exec(answer?.errorMessage ?? '')?.[1];
    return answer?.errorCode === ErrorCode.INVALID_REQUEST && named !== undefined ? Number(named) : undefined;
  } catch (error) {
    if (error instanceof KtError && (error.kind === 'refused' || error.kind === 'connection')) return undefined;
    throw error;
  }
}
