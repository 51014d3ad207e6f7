/** Adds partitions to topics (CreatePartitions), with an outcome for each. */
import type { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, leftOut, refused } from '../../kafka/wire/errors.ts';
import { untilSeen } from './until-seen.ts';

/**
 * Raises the number of partitions of topics.
 * @param topics how many partitions each should have
 * @param validateOnly the controller only checks
 * @returns why a topic was refused, by its name; the others have their partitions
 */
export async function addPartitions(
  cluster: Cluster,
  topics: ReadonlyMap<string, number>,
  { validateOnly }: { readonly validateOnly: boolean },
): Promise<ReadonlyMap<string, KtError>> {
  const errors = new Map<string, KtError>();
  if (topics.size === 0) return errors;
  const wanted = [...topics].map(([name, count]) => ({ name, count, assignments: null }));
  const { results } = await cluster.request(
    'CreatePartitions',
    { topics: wanted, timeoutMs: cluster.timeoutMs, validateOnly },
    'controller',
  );
  const answers = new Map(results.map((answer) => [answer.name, answer]));
  for (const name of topics.keys()) {
    const { errorCode, errorMessage } = answers.get(name) ?? { errorCode: leftOut, errorMessage: null };
    if (errorCode === 0) continue;
    const hint = permissionHint(errorOf(errorCode).name, 'ALTER', `topic ${name}`);
    errors.set(name, refused(errorCode, `partitions of topic ${name} not added`, errorMessage, hint));
  }
  const added = [...topics].filter(([name]) => !errors.has(name));
  if (!validateOnly && added.length > 0) await seen(cluster, added);
  return errors;
}

async function seen(cluster: Cluster, added: readonly (readonly [topic: string, count: number])[]): Promise<void> {
  const names = added.map(([name]) => name);
  await untilSeen(cluster, async () => {
    const { topics } = await cluster.metadata(names);
    return added.every(([name, count]) => {
      const partitions = topics.get(name)?.partitions ?? [];
      return partitions.length >= count && partitions.every(({ leader }) => leader >= 0);
    });
  });
}
