/** The options that name a controller, and how what became of it looks. */
import { usageError } from '../../../base/errors.ts';
import { flag, option } from '../../../cli/define.ts';
import { wholeNumber } from '../../../cli/options.ts';
import { rows, type Tone } from '../../../cli/shape.ts';
import type { VoterOutcome } from '../../../core/cluster/voters.ts';

export const controllerOptions = {
  controllerId: option('-i, --controller-id <id>', 'id of the controller', wholeNumber),
  controllerDirectoryId: option('-d, --controller-directory-id <id>', 'id of its metadata directory', directoryId),
  dryRun: flag('--dry-run', 'look whether anything is in the way, and change nothing'),
};

/** 16 bytes in base64url without padding, as Kafka writes ids. @throws KtError `usage` */
function directoryId(value: string): string {
  if (/^[\w-]{22}$/.test(value)) return value;
  throw usageError(`${value} (not the id of a directory)`, 'it stands in meta.properties, such as yIwsHvbKAMoo3yRA0DcNyQ');
}

const tones: Readonly<Record<VoterOutcome['status'], Tone>> = { added: 'good', removed: 'good', valid: 'dim', failed: 'bad' };

/** @param statuses what each status means here */
export function voterRows(statuses: string) {
  return rows<VoterOutcome>({
    columns: [
      { header: 'CONTROLLER', get: ({ controller }) => controller, tone: () => 'strong' },
      { header: 'DIRECTORY-ID', get: (outcome) => outcome.directoryId },
      { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
    ],
    name: ({ controller }) => String(controller),
    fields: {
      controller: 'id of the controller',
      directoryId: 'id of its metadata directory',
      status: statuses,
      error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
    },
    problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
  });
}
