/** The options of commands that change features, and how what became of each looks. */
import { flag, repeatable } from '../../../cli/define.ts';
import { rows, type Tone } from '../../../cli/shape.ts';
import { type FeatureLevel, type FeatureOutcome, featureLevel } from '../../../core/cluster/features.ts';

export const levelOptions = {
  feature: repeatable('--feature <feature=level>', 'a feature and its new level', featureLevel),
  metadata: repeatable(
    '--metadata <level>',
    'the same for metadata.version: 4.3-IV0',
    (text): FeatureLevel => featureLevel(`metadata.version=${text}`),
  ),
};

export const unsafeOption = flag('--unsafe', 'do it even if that loses metadata which the lower level does not know');
export const dryRunOption = flag('--dry-run', 'let the cluster check it, and change nothing');

const tones: Readonly<Record<FeatureOutcome['status'], Tone>> = {
  changed: 'good',
  unchanged: 'dim',
  valid: 'dim',
  failed: 'bad',
};

export const featureRows = rows<FeatureOutcome>({
  columns: [
    { header: 'FEATURE', get: ({ feature }) => feature, tone: () => 'strong' },
    { header: 'BEFORE', get: ({ before }) => before.name },
    { header: 'AFTER', get: ({ after }) => after.name },
    { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] },
  ],
  name: ({ feature }) => feature,
  fields: {
    feature: 'name of the feature',
    before: 'the level that was in force: {level, name}; level 0 while the feature is disabled',
    after: 'the level that is in force then: {level, name}',
    status: 'changed, unchanged (it had the level), valid (with --dry-run: the cluster accepts it) or failed',
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
  problems: (outcomes) => outcomes.flatMap(({ error }) => error ?? []),
});
