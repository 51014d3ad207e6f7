/** `kt cluster quorum add-controller`: a vote for a controller that follows the quorum. */
import { usageError } from '../../../base/errors.ts';
import { option, repeatable } from '../../../cli/define.ts';
import { text } from '../../../cli/options.ts';
import { command } from '../../../context.ts';
import { addVoter } from '../../../core/cluster/voters.ts';
import { directoryIdIn, listener, readControllerFile } from './controller-file.ts';
import { controllerOptions, voterRows } from './shape.ts';

export const clusterQuorumAddController = command({
  name: 'cluster quorum add-controller',
  summary: 'Give a controller a vote in the metadata quorum',
  description:
    'For a controller whose storage kafka-storage formatted with --no-initial-controllers, and which runs and follows the quorum: kt cluster quorum shows it as an observer. On its machine, give its properties file; from elsewhere, its id, directory id and listeners, which override the file. The quorum must allow voters to change: kraft.version 1.',
  args: {},
  options: {
    controllerConfig: option(
      '--controller-config <file>',
      'properties of the controller, which say the rest with its meta.properties',
      text,
      { complete: 'file' },
    ),
    ...controllerOptions,
    listener: repeatable('--listener <name://host:port>', 'where the other controllers reach it', listener),
  },
  shows: voterRows('added, valid (with --dry-run: nothing is in the way) or failed'),
  examples: [
    {
      line: 'kt cluster quorum add-controller --controller-config controller.properties',
      does: 'add the controller that runs on this machine',
    },
    {
      line: 'kt cluster quorum add-controller -i 4 -d yIwsHvbKAMoo3yRA0DcNyQ --listener CONTROLLER://host4:9093',
      does: 'add one that runs elsewhere',
    },
  ],
  async run(context, _, { controllerConfig, controllerId, controllerDirectoryId, listener: named, dryRun }) {
    const file = controllerConfig === undefined ? undefined : await readControllerFile(context, controllerConfig);
    const controller = controllerId ?? file?.controllerId;
    const listeners = named.length > 0 ? named : (file?.listeners ?? []);
    const directoryId = controllerDirectoryId ?? (file && (await directoryIdIn(context, file.metadataDirectory)));
    if (controller === undefined || directoryId === undefined || listeners.length === 0)
      throw usageError(
        'cluster quorum add-controller (it is not said which)',
        'add --controller-config FILE, or all of --controller-id, --controller-directory-id and --listener',
      );
    return [await addVoter(await context.cluster(), { controller, directoryId }, listeners, dryRun)];
  },
});
