/** The options of commands that change features, and how what became of each looks. */
import { usageError } from '../../../base/errors.ts';
import { flag, type OptionValues, option, repeatable } from '../../../cli/define.ts';
import { rows, type Tone } from '../../../cli/shape.ts';
import { type FeatureLevel, type FeatureOutcome, featureLevel, releaseLevels } from '../../../core/cluster/features.ts';

export const levelOptions = {
  feature: repeatable('--feature <feature=level>', 'a feature and its new level', featureLevel),
  metadata: repeatable(
    '--metadata <level>',
    'the same for metadata.version: 4.3-IV0',
    (text): FeatureLevel => featureLevel(`metadata.version=${text}`),
  ),
  releaseVersion: option('--release-version <release>', 'every feature at its level in this release: 4.3', releaseLevels),
};

/**
 * The levels that are asked for.
 * @param isUpgrade leaves out features that a release has disabled: to disable them is no upgrade
 * @throws KtError `usage` when there are none, or a release beside levels of its own
 */
export function levelsNamed(
  name: string,
  { feature, metadata, releaseVersion }: OptionValues<typeof levelOptions>,
  isUpgrade: boolean,
): readonly FeatureLevel[] {
  const levels = [...feature, ...metadata];
  if (releaseVersion === undefined) {
    if (levels.length > 0) return levels;
    throw usageError(`${name} (nothing to change)`, 'add --release-version, --feature or --metadata');
  }
  if (levels.length > 0)
    throw usageError('--release-version with --feature or --metadata (it is for every feature)', 'leave one of them out');
  return releaseVersion.filter(({ level }) => !isUpgrade || level > 0);
}

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
