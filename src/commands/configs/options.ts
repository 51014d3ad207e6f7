/** The options by which commands change configs, and how before and after look. */
import { flag, repeatable } from '../../cli/define.ts';
import { keyValue, text } from '../../cli/options.ts';
import type { Column } from '../../cli/shape.ts';
import type { Change } from '../../core/configs/alter.ts';
import { humanConfigValue } from '../../core/configs/names.ts';
import { type ResourceType, resourceTypes } from '../../core/configs/resource.ts';

/** What has configs. */
export const types = Object.keys(resourceTypes) as readonly ResourceType[];

const listValue = (value: string) => keyValue(value, 'cleanup.policy=compact');

export const changeOptions = {
  config: repeatable('-c, --config <key=value>', 'set a config; 7d and 1GiB work for configs in ms and bytes', keyValue, {
    complete: 'config',
  }),
  deleteConfig: repeatable('--delete-config <key>', 'remove a config, so that the default applies again', text, {
    complete: 'config-key',
  }),
  appendConfig: repeatable('--append-config <key=value>', 'add a value to a list config', listValue),
  subtractConfig: repeatable('--subtract-config <key=value>', 'remove a value from a list config', listValue),
  dryRun: flag('--dry-run', 'let the cluster check the changes without applying them'),
};

/** A row per change; `what` alone where nothing changed or all was refused. */
export function changeRows<O extends { readonly changes: readonly Change[] }>(
  outcomes: readonly O[],
): readonly (O & { readonly change?: Change })[] {
  return outcomes.flatMap((outcome) =>
    outcome.changes.length === 0 ? [outcome] : outcome.changes.map((change) => ({ ...outcome, change })),
  );
}

export const changeColumns: readonly Column<{ readonly change?: Change }>[] = [
  { header: 'CONFIG', get: ({ change }) => change?.name },
  { header: 'BEFORE', get: ({ change }) => change && settingText(change, change.before, change.beforeSource) },
  { header: 'AFTER', get: ({ change }) => change && settingText(change, change.after, change.afterSource) },
];

export const changeFields = {
  'changes[].name': 'name of the config, or partitions',
  'changes[].before': 'its value before; null when sensitive, or not set',
  'changes[].after': 'its value now, or with --dry-run the value it would have',
  'changes[].beforeSource': 'where the value before came from: DEFAULT_CONFIG, DYNAMIC_TOPIC_CONFIG, …',
  'changes[].afterSource': 'where the value after comes from',
  'changes[].sensitive': 'whether the cluster hides the values',
};

/** A value as tables show it: `604800000 (7d, default)`. */
export function settingText({ name, sensitive }: Change, value: string | null, source: string | null): string | null {
  if (sensitive) return '(sensitive)';
  if (!value) return source === 'DEFAULT_CONFIG' ? '(default)' : null;
  const remarks = [humanConfigValue(name, value), source === 'DEFAULT_CONFIG' ? 'default' : undefined].filter(Boolean);
  return remarks.length > 0 ? `${value} (${remarks.join(', ')})` : value;
}
