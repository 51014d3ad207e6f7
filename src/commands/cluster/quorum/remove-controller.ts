/** `kt cluster quorum remove-controller`: takes a controller's vote, confirmed. */
import { usageError } from '../../../base/errors.ts';
import { command } from '../../../context.ts';
import { removeVoter, voterNamed } from '../../../core/cluster/voters.ts';
import { controllerOptions, voterRows } from './shape.ts';

export const clusterQuorumRemoveController = command({
  name: 'cluster quorum remove-controller',
  summary: 'Take a controller’s vote in the metadata quorum',
  description:
    'Works for a controller that is gone, and for one that runs, which then goes on as an observer until it is stopped. Without a directory id the voter with this id is meant. Asks first; without a terminal, add --yes.',
  args: {},
  options: controllerOptions,
  shows: voterRows('removed, valid (with --dry-run: nothing is in the way) or failed'),
  examples: [{ line: 'kt cluster quorum remove-controller --controller-id 4', does: 'remove a voter, after a confirmation' }],
  async run({ cluster, confirm }, _, { controllerId, controllerDirectoryId, dryRun }) {
    if (controllerId === undefined)
      throw usageError('cluster quorum remove-controller (it is not said which)', 'add --controller-id ID');
    const connected = await cluster();
    const voter = await voterNamed(connected, controllerId, controllerDirectoryId);
    if (!dryRun) await confirm(`Take the vote of controller ${controllerId}`, { count: 1, byPattern: false });
    return [await removeVoter(connected, voter, dryRun)];
  },
});
