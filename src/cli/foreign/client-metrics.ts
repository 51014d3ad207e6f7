/** kafka-client-metrics.sh: a subscription is a resource whose configs are set (KIP-714). */
import type { More } from './row.ts';
import { argument, type Draft, gone, type Rules, value } from './rules.ts';

const keys = { '--metrics': 'metrics', '--interval': 'interval.ms', '--match': 'match' } as const;

/** An empty value takes the config away. */
const configOf = (key: string) =>
  value((text, { options }) => options.push(...(text === '' ? ['--delete-config', key] : ['--config', `${key}=${text}`])));

const rules: Rules = {
  '--alter': gone,
  '--describe': gone,
  '--delete': gone,
  '--name': argument,
  // kt makes up no names.
  '--generate-name': { takes: 'nothing', read: (_, { args }) => args.push('NAME') > 0 },
  ...Object.fromEntries(Object.entries(keys).map(([option, key]) => [option, configOf(key)])),
};

export function ofClientMetrics({ args }: Draft): boolean {
  return args.unshift('client-metrics') > 0;
}

export const subscription: More = { rules, finish: (draft) => draft.args.length === 1 && ofClientMetrics(draft) };

/** A subscription ends with its last config. */
export function endedSubscription(draft: Draft): boolean {
  if (draft.args.length !== 1) return false;
  draft.options.push(...Object.values(keys).flatMap((key) => ['--delete-config', key]));
  return ofClientMetrics(draft);
}
