/** How what became of credentials looks. */
import { rows, type Tone } from '../../cli/shape.ts';
import type { UserOutcome } from '../../core/users/change.ts';

const tones: Readonly<Record<UserOutcome['status'], Tone>> = {
  created: 'good',
  changed: 'good',
  deleted: 'good',
  valid: 'dim',
  failed: 'bad',
};

/** @param statuses what each status means here */
export function credentialRows(statuses: string) {
  return rows<UserOutcome>({
    columns: [
      { header: 'USER', get: ({ user }) => user, tone: () => 'strong' },
      { header: 'MECHANISM', get: ({ mechanism }) => mechanism },
      { header: 'ITERATIONS', get: ({ iterations }) => iterations },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
    ],
    name: ({ user }) => user,
    fields: {
      user: 'name of the user',
      mechanism: 'SCRAM-SHA-256 or SCRAM-SHA-512',
      iterations: 'how many times the password is hashed',
      status: statuses,
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  });
}
