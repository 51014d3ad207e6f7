/** `kt cluster features downgrade`: lower levels, confirmed. */
import { command } from '../../../context.ts';
import { changeFeatures } from '../../../core/cluster/features.ts';
import { dryRunOption, featureRows, levelOptions, levelsNamed, unsafeOption } from './shape.ts';

export const clusterFeaturesDowngrade = command({
  name: 'cluster features downgrade',
  summary: 'Lower the levels of features',
  description:
    'The cluster refuses a downgrade that would lose metadata, unless --unsafe is given. Asks first; without a terminal, add --yes.',
  args: {},
  options: { ...levelOptions, unsafe: unsafeOption, dryRun: dryRunOption },
  shows: featureRows,
  examples: [
    { line: 'kt cluster features downgrade --metadata 4.2-IV1 --dry-run', does: 'check whether the cluster can go back' },
  ],
  async run({ cluster, confirm }, _, { unsafe, dryRun, ...options }) {
    const levels = levelsNamed('cluster features downgrade', options, false);
    const connected = await cluster();
    const what = levels.map((level) => level.feature).join(', ');
    if (!dryRun) await confirm(`Downgrade ${what}`, { count: levels.length, byPattern: false });
    return changeFeatures(connected, levels, unsafe ? 'unsafe downgrade' : 'downgrade', dryRun);
  },
});
