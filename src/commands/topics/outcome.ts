/** How what became of each topic looks, whatever was done with it. */
import type { KtError } from '../../base/errors.ts';
import type { Column, Tone } from '../../cli/shape.ts';

interface Outcome {
  readonly topic: string;
  readonly status: string;
  readonly error?: KtError;
}

function toneOf({ status }: Outcome): Tone | undefined {
  return status === 'failed' ? 'bad' : ['created', 'altered', 'deleted'].includes(status) ? 'good' : 'dim';
}

/** Its name and its status. */
export function outcomeColumns<O extends Outcome>(): readonly Column<O>[] {
  return [
    { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
    { header: 'STATUS', get: ({ status }) => status, tone: toneOf },
  ];
}

/** Why topics failed. */
export function errorsOf(outcomes: readonly Outcome[]): readonly KtError[] {
  return outcomes.flatMap(({ error }) => error ?? []);
}
