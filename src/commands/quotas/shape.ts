/** How what became of quotas looks. */
import { rows, type Tone } from '../../cli/shape.ts';
import type { QuotaOutcome } from '../../core/quotas/change.ts';
import { entityText } from '../../core/quotas/entity.ts';
import { quotaColumns, quotaFields } from './options.ts';

const tones: Readonly<Record<QuotaOutcome['status'], Tone>> = {
  set: 'good',
  deleted: 'good',
  unchanged: 'dim',
  absent: 'dim',
  valid: 'dim',
  failed: 'bad',
};

/** @param statuses what each status means here */
export function quotaOutcomeRows(statuses: string) {
  return rows<QuotaOutcome>({
    columns: [...quotaColumns, { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] }],
    name: ({ entity }) => entityText(entity),
    fields: {
      ...quotaFields,
      status: statuses,
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  });
}
