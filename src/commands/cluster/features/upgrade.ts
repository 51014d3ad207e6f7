/** `kt cluster features upgrade`: higher levels, which an upgrade of the brokers made available. */
import { command } from '../../../context.ts';
import { changeFeatures } from '../../../core/cluster/features.ts';
import { dryRunOption, featureRows, levelOptions, levelsNamed } from './shape.ts';

export const clusterFeaturesUpgrade = command({
  name: 'cluster features upgrade',
  summary: 'Raise the levels of features',
  description:
    'Do this when all brokers and controllers run the new release. Some levels of metadata.version cannot be lowered again without losing metadata. All features change, or none.',
  args: {},
  options: { ...levelOptions, dryRun: dryRunOption },
  shows: featureRows,
  examples: [
    {
      line: 'kt cluster features upgrade --release-version 4.3 --dry-run',
      does: 'check whether the cluster can take a release’s features',
    },
    { line: 'kt cluster features upgrade --feature group.version=1', does: 'enable the consumer group protocol of KIP-848' },
  ],
  async run({ cluster }, _, { dryRun, ...options }) {
    const levels = levelsNamed('cluster features upgrade', options, true);
    return changeFeatures(await cluster(), levels, 'upgrade', dryRun);
  },
});
