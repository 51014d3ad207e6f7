/** `kt cluster features`: the feature levels that the brokers support, and those in force. */

import type { TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { describeFeatures, type Feature, type Features } from '../../core/cluster/versions.ts';

const shows: TableShape<Features> = {
  kind: 'table',
  blocks: ({ epoch, features }) => [
    {
      heading: [['epoch', epoch]],
      columns: [
        { header: 'FEATURE', get: ({ feature }: Feature) => feature, tone: () => 'strong' },
        { header: 'SUPPORTED-MIN', get: ({ supportedMin }: Feature) => supportedMin?.name },
        { header: 'SUPPORTED-MAX', get: ({ supportedMax }: Feature) => supportedMax?.name },
        {
          header: 'FINALIZED',
          get: ({ finalized }: Feature) => finalized.name,
          tone: ({ finalized, supportedMax }: Feature) =>
            supportedMax !== null && finalized.level < supportedMax.level ? 'warn' : undefined,
        },
      ],
      rows: features,
    },
  ],
  names: ({ features }) => features.map(({ feature }) => feature),
  json: ({ epoch, features }) => ({ epoch, features }),
  problems: ({ problems }) => problems,
  fields: {
    epoch: 'counts the changes of finalized features; null when none were ever finalized',
    'features[].feature': 'name of the feature: metadata.version, group.version, …',
    'features[].supportedMin': 'the lowest level all brokers support: {level, name}; null when no broker knows the feature',
    'features[].supportedMax': 'the highest level all brokers support: {level, name}',
    'features[].finalized': 'the level in force: {level, name}; level 0 while the feature is disabled',
    'features[].brokers[].broker': 'broker id',
    'features[].brokers[].min': 'the lowest level this broker supports',
    'features[].brokers[].max': 'the highest level this broker supports',
  },
};

export const clusterFeatures = command({
  name: 'cluster features',
  summary: 'Show supported and finalized features',
  description:
    'Levels of metadata.version are shown by the release they belong to, as Kafka’s tools do. A finalized level below the highest supported one is a feature that an upgrade made available but that has not been enabled yet.',
  args: {},
  options: {},
  shows,
  examples: [{ line: 'kt cluster features', does: 'show which features can be enabled after an upgrade' }],
  async run({ cluster }) {
    return describeFeatures(await cluster());
  },
});
