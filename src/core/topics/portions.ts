/** Requests about many topics, sent in as many portions as the controller wants: it does each in one step, of 10,000 records of metadata at most. */
import { isEnding, KtError } from '../../base/errors.ts';
import { errorOf } from '../../kafka/wire/errors.ts';

/** What every answer about a topic has. */
interface Answer {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** How many new partitions the controller takes at once (Kafka's MAX_RECORDS_PER_USER_OP and MAX_PARTITIONS_PER_BATCH). */
export const mostPartitions = 10_000;

/**
 * Sends one portion after the other; one that the controller finds too large (it counts a record for each topic, partition and config, and how
 * many partitions a topic gets by default only it knows) in halves, and so on.
 * @param send one request; resolves with the answers by the topics' names
 * @returns each topic's answer by its name; from the first portion on that gets no answer, the error. Missing: the controller left it out
 * @throws KtError `connection` when not even the first portion is answered
 */
export async function inPortions<T, A extends Answer>(
  portions: readonly (readonly T[])[],
  send: (portion: readonly T[]) => Promise<ReadonlyMap<string, A>>,
  nameOf: (topic: T) => string,
): Promise<ReadonlyMap<string, A | KtError>> {
  const answers = new Map<string, A | KtError>();
  const waiting = [...portions].reverse();
  for (let portion = waiting.pop(); portion; portion = waiting.pop()) {
    try {
      const answered = await send(portion);
      const middle = Math.ceil(portion.length / 2);
      if (portion.length > 1 && [...answered.values()].every(isTooMany))
        waiting.push(portion.slice(middle), portion.slice(0, middle));
      else for (const [name, answer] of answered) answers.set(name, answer);
    } catch (error) {
      if (!(error instanceof KtError) || isEnding(error) || answers.size === 0) throw error;
      const { kind, code, hint } = error;
      for (const name of [portion, ...waiting.splice(0).reverse()].flat().map(nameOf))
        answers.set(name, new KtError(kind, `topic ${name}: ${error.message}`, { code, hint, cause: error }));
    }
  }
  return answers;
}

/** Kafka has no code of its own for it: the text tells it from a policy of the cluster. */
function isTooMany({ errorCode, errorMessage }: Answer): boolean {
  return errorOf(errorCode).name === 'POLICY_VIOLATION' && /excessively large/i.test(errorMessage ?? '');
}

/** For one topic that is too large. */
export const tooManyInWords =
  'the controller takes fewer than 10,000 new partitions at once: add them in steps, with kt topics alter --partitions';

/** The hint for one topic that is too large for the controller; undefined for any other error. */
export function tooManyHint(answer: Answer | undefined): string | undefined {
  return answer && isTooMany(answer) ? tooManyInWords : undefined;
}
