/** Whom a quota is for: users, client ids, both together, or IP addresses (KIP-546). */

/** The protocol's name of each part of an entity, by its name in output. */
const entityTypes = { user: 'user', clientId: 'client-id', ip: 'ip' } as const;
export type EntityPart = keyof typeof entityTypes;
export const entityParts = Object.keys(entityTypes) as EntityPart[];

/** A part that is null is the default: all that have no quota of their own. */
export type QuotaEntity = Readonly<Partial<Record<EntityPart, string | null>>>;

/** What can be limited, as Kafka names it. */
export type QuotaName =
  | 'producer_byte_rate'
  | 'consumer_byte_rate'
  | 'request_percentage'
  | 'controller_mutation_rate'
  | 'connection_creation_rate';

/** Limits by name; those newer than kt too. */
export type Quotas = Readonly<Record<string, number>>;

/** In words: `user alice, client id web`, `all other IPs`. */
export function entityText(entity: QuotaEntity): string {
  const words = { user: 'user', clientId: 'client id', ip: 'IP' } as const;
  const parts = (Object.keys(words) as EntityPart[]).filter((part) => entity[part] !== undefined);
  return parts.map((part) => (entity[part] === null ? `default ${words[part]}` : `${words[part]} ${entity[part]}`)).join(', ');
}

/** The same text for the same entity; sorted, names stand between none and the default. */
export function entityKey({ user, clientId, ip }: QuotaEntity): string {
  return JSON.stringify([user, clientId, ip].map((name) => (name === undefined ? '0' : name === null ? '2' : `1${name}`)));
}

/** As requests carry it. */
export function wireEntity(entity: QuotaEntity) {
  return entityParts
    .filter((part) => entity[part] !== undefined)
    .map((part) => ({ entityType: entityTypes[part], entityName: entity[part]! }));
}

/** Of an answer; undefined when it has a part that is newer than kt. */
export function entityOf(
  parts: readonly { readonly entityType: string; readonly entityName: string | null }[],
): QuotaEntity | undefined {
  const entity: Partial<Record<EntityPart, string | null>> = {};
  for (const { entityType, entityName } of parts) {
    const part = entityParts.find((each) => entityTypes[each] === entityType);
    if (part === undefined) return undefined;
    entity[part] = entityName;
  }
  const { user, clientId, ip } = entity;
  return { ...(user !== undefined && { user }), ...(clientId !== undefined && { clientId }), ...(ip !== undefined && { ip }) };
}
