/** Asks several brokers the same at once, with an answer or an error for each. */
import { KtError } from '../../base/errors.ts';
import type { BrokerNode } from '../../kafka/cluster.ts';

/** The answer or error of each broker, by id. */
export type PerBroker<R> = ReadonlyMap<number, R | KtError>;

/** @returns each broker's answer, or why there is none (it is down, refuses, or lacks the API); an interruption is thrown */
export async function perBroker<R>(brokers: readonly number[], ask: (broker: number) => Promise<R>): Promise<PerBroker<R>> {
  const answers = await Promise.all(
    brokers.map(async (broker): Promise<readonly [number, R | KtError]> => {
      try {
        return [broker, await ask(broker)];
      } catch (error) {
        if (error instanceof KtError && (error.kind === 'connection' || error.kind === 'refused')) return [broker, error];
        throw error;
      }
    }),
  );
  return new Map(answers);
}

/** One error for each reason, so that what all brokers lack is reported once. */
export function brokerProblems(answers: PerBroker<unknown>): readonly KtError[] {
  const errors = [...answers.values()].filter((answer) => answer instanceof KtError);
  const reasonOf = (error: KtError) => (error.code === 'UNSUPPORTED_VERSION' ? error.hint : error.message);
  return [...new Map(errors.map((error) => [reasonOf(error), error])).values()];
}

/**
 * The brokers with these ids, or all, sorted by id.
 * @throws KtError `refused` naming an id that no broker in the cluster has at the moment
 */
export function chosenBrokers(brokers: readonly BrokerNode[], ids: readonly number[]): readonly BrokerNode[] {
  const known = [...brokers].sort((a, b) => a.id - b.id);
  for (const id of ids) {
    if (known.some((broker) => broker.id === id)) continue;
    throw new KtError('refused', `broker ${id} is not in the cluster at the moment`, {
      code: 'BROKER_NOT_AVAILABLE',
      hint: `the brokers are: ${known.map((broker) => broker.id).join(', ')}`,
    });
  }
  return ids.length === 0 ? known : known.filter((broker) => ids.includes(broker.id));
}
