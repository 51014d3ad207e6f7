/** Whom quotas are for, and how they look. */
import { usageError } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';
import { flag, type OptionValues, option } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import type { Column } from '../../cli/shape.ts';
import type { EntityPart, QuotaEntity, QuotaName } from '../../core/quotas/entity.ts';
import type { EntityQuotas } from '../../core/quotas/list.ts';

export const entityOptions = {
  user: option('--user <name>', 'a user, without User: in front', userName),
  userDefault: flag('--user-default', 'every user without a quota of its own'),
  clientId: option('--client-id <id>', 'a client id', text),
  clientIdDefault: flag('--client-id-default', 'every client id without a quota of its own'),
  ip: option('--ip <address>', 'an IP address', text),
  ipDefault: flag('--ip-default', 'every IP address without a quota of its own'),
};

function userName(value: string): string {
  if (value === '' || value.startsWith('User:'))
    throw usageError(`${value === '' ? "''" : value} (not the name of a user)`, 'write the name alone, such as alice');
  return value;
}

/**
 * The parts that are named.
 * @throws KtError `usage` for two names of one part, and for an IP beside users or clients
 */
export function entityNamed(options: OptionValues<typeof entityOptions>): QuotaEntity {
  const part = (name: EntityPart, flagName: string): QuotaEntity => {
    const [own, isDefault] = [options[name], options[`${name}Default`]];
    if (own !== undefined && isDefault)
      throw usageError(`--${flagName} with --${flagName}-default (one excludes the other)`, 'leave one of them out');
    return own !== undefined ? { [name]: own } : isDefault ? { [name]: null } : {};
  };
  const entity = { ...part('user', 'user'), ...part('clientId', 'client-id'), ...part('ip', 'ip') };
  if (entity.ip !== undefined && (entity.user !== undefined || entity.clientId !== undefined))
    throw usageError('--ip with a user or a client (quotas of addresses are for addresses alone)', 'run it once for each');
  return entity;
}

/** @throws KtError `usage` when nobody is named */
export function oneEntity(name: string, options: OptionValues<typeof entityOptions>): QuotaEntity {
  const entity = entityNamed(options);
  if (Object.keys(entity).length === 0)
    throw usageError(`${name} (it is not said for whom)`, 'add --user, --client-id or --ip, or the default of one of them');
  return entity;
}

function shownPart(entity: QuotaEntity, part: EntityPart): string | undefined {
  return entity[part] === null ? '<default>' : entity[part];
}

const units: Readonly<Record<string, (value: number) => string>> = {
  producer_byte_rate: (value) => `${formatSize(value)}/s`,
  consumer_byte_rate: (value) => `${formatSize(value)}/s`,
  request_percentage: (value) => `${value}%`,
  controller_mutation_rate: (value) => `${value}/s`,
  connection_creation_rate: (value) => `${value}/s`,
};

/** A quota's number with its unit: `10MiB/s`. */
export function quotaText(name: string, value: number): string {
  return units[name]?.(value) ?? String(value);
}

export const entityColumns: readonly Column<Pick<EntityQuotas, 'entity'>>[] = [
  { header: 'USER', get: ({ entity }) => shownPart(entity, 'user'), tone: () => 'strong' },
  { header: 'CLIENT-ID', get: ({ entity }) => shownPart(entity, 'clientId'), tone: () => 'strong' },
  { header: 'IP', get: ({ entity }) => shownPart(entity, 'ip'), tone: () => 'strong' },
];

export const quotaColumns: readonly Column<EntityQuotas>[] = [
  ...entityColumns,
  {
    header: 'QUOTAS',
    get: ({ quotas }) =>
      Object.entries(quotas)
        .map(([name, value]) => `${name}=${quotaText(name, value)}`)
        .join(' ') || null,
  },
];

export const quotaFields = {
  'entity.user': 'name of the user; null: every user without a quota of its own; absent: any user',
  'entity.clientId': 'client id; null and absent likewise',
  'entity.ip': 'IP address; null and absent likewise',
  'quotas.producer_byte_rate': 'bytes per second that its producers may write to a broker',
  'quotas.consumer_byte_rate': 'bytes per second that its consumers may read from a broker',
  'quotas.request_percentage': 'percentage of a network and I/O thread’s time that its requests may take of a broker',
  'quotas.controller_mutation_rate': 'partitions per second that it may create and delete',
  'quotas.connection_creation_rate': 'connections per second that it may open to a broker',
};

/** The names of flags for limits, as keys of options. */
export const limitKeys = {
  producerByteRate: 'producer_byte_rate',
  consumerByteRate: 'consumer_byte_rate',
  requestPercentage: 'request_percentage',
  controllerMutationRate: 'controller_mutation_rate',
  connectionCreationRate: 'connection_creation_rate',
} as const satisfies Readonly<Record<string, QuotaName>>;
