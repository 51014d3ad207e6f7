/** `kt cluster features disable`: level 0, confirmed. */

import { usageError } from '../../../base/errors.ts';
import { repeatable } from '../../../cli/define.ts';
import { text } from '../../../cli/options.ts';
import { command } from '../../../context.ts';
import { changeFeatures } from '../../../core/cluster/features.ts';
import { dryRunOption, featureRows, unsafeOption } from './shape.ts';

export const clusterFeaturesDisable = command({
  name: 'cluster features disable',
  summary: 'Disable features',
  description: 'Gives features level 0. metadata.version cannot be disabled. Asks first; without a terminal, add --yes.',
  args: {},
  options: {
    feature: repeatable('--feature <feature>', 'the feature to disable', text),
    unsafe: unsafeOption,
    dryRun: dryRunOption,
  },
  shows: featureRows,
  examples: [
    { line: 'kt cluster features disable --feature group.version --dry-run', does: 'check whether a feature can be disabled' },
  ],
  async run({ cluster, confirm }, _, { feature, unsafe, dryRun }) {
    if (feature.length === 0) throw usageError('cluster features disable (nothing to disable)', 'add --feature');
    const connected = await cluster();
    if (!dryRun) await confirm(`Disable ${feature.join(', ')}`, { count: feature.length, byPattern: false });
    const levels = feature.map((name) => ({ feature: name, level: 0 }));
    return changeFeatures(connected, levels, unsafe ? 'unsafe downgrade' : 'downgrade', dryRun);
  },
});
