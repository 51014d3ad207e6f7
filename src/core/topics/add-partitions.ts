/** Adds partitions to topics (CreatePartitions), with an outcome for each. */
import { KtError } from '../../base/errors.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { permissionHint } from '../../kafka/permissions.ts';
import { errorOf, leftOut, refused } from '../../kafka/wire/errors.ts';
import { inPortions, mostPartitions, tooManyInWords } from './portions.ts';
import { untilSeen } from './until-seen.ts';

/** How many partitions a topic has, and should have. */
export interface Growth {
  readonly from: number;
  readonly to: number;
}

type Growing = readonly [topic: string, growth: Growth];

/**
 * Raises the number of partitions of topics.
 * @param validateOnly the controller only checks
 * @returns why a topic was refused, by its name; the others have their partitions
 */
export async function addPartitions(
  cluster: Cluster,
  topics: ReadonlyMap<string, Growth>,
  { validateOnly }: { readonly validateOnly: boolean },
): Promise<ReadonlyMap<string, KtError>> {
  const errors = new Map<string, KtError>();
  if (topics.size === 0) return errors;
  const send = async (portion: readonly Growing[]) => {
    const wanted = portion.map(([name, { to }]) => ({ name, count: to, assignments: null }));
    const body = { topics: wanted, timeoutMs: cluster.timeoutMs, validateOnly };
    const { results } = await cluster.request('CreatePartitions', body, 'controller');
    return new Map(results.map((answer) => [answer.name, answer]));
  };
  const answers = await inPortions(portionsOf(topics), send, ([name]) => name);
  for (const name of topics.keys()) {
    if (isTooMuch(topics.get(name)!)) {
      errors.set(
        name,
        new KtError('refused', `partitions of topic ${name} not added (too many at once)`, {
          code: 'POLICY_VIOLATION',
          hint: tooManyInWords,
        }),
      );
      continue;
    }
    const answer = answers.get(name) ?? { errorCode: leftOut, errorMessage: null };
    if (answer instanceof KtError) {
      errors.set(name, answer);
      continue;
    }
    const { errorCode, errorMessage } = answer;
    if (errorCode === 0) continue;
    const hint = permissionHint(errorOf(errorCode).name, 'ALTER', `topic ${name}`);
    errors.set(name, refused(errorCode, `partitions of topic ${name} not added`, errorMessage, hint));
  }
  const added = [...topics].filter(([name]) => !errors.has(name));
  if (!validateOnly && added.length > 0) await seen(cluster, added);
  return errors;
}

function isTooMuch({ from, to }: Growth): boolean {
  return to - from > mostPartitions;
}

/** What the controller takes at once. It does not refuse more as a whole: a topic that no longer fits fails without a reason (Kafka 3.7 to 4.3). */
function portionsOf(topics: ReadonlyMap<string, Growth>): readonly (readonly Growing[])[] {
  const portions: Growing[][] = [];
  let room = 0;
  for (const growing of topics) {
    const [, growth] = growing;
    if (isTooMuch(growth)) continue;
    const added = growth.to - growth.from;
    if (portions.length === 0 || added > room) {
      portions.push([]);
      room = mostPartitions;
    }
    portions.at(-1)!.push(growing);
    room -= added;
  }
  return portions;
}

async function seen(cluster: Cluster, added: readonly Growing[]): Promise<void> {
  const names = added.map(([name]) => name);
  const isThere = async () => {
    const { topics } = await cluster.metadata(names);
    return added.every(([name, { to }]) => {
      const partitions = topics.get(name)?.partitions ?? [];
      return partitions.length >= to && partitions.every(({ leader }) => leader >= 0);
    });
  };
  await untilSeen(
    cluster,
    isThere,
    added.reduce((sum, [, { from, to }]) => sum + to - from, 0),
  );
}
